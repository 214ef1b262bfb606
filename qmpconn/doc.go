// Package qmpconn is how qmpsh talks to a QMP server: addresses, transports, the negotiation, commands and their
// replies, events, and reconnecting. A Conn is one connection and its whole life; a Session keeps one alive.
//
// The package refuses to know what a command means: arguments and return values pass through as the JSON text that
// they are, digit for digit. It never sends a command twice. When a connection ends between a command and its reply,
// the caller is told that the outcome is unknown, and decides.
//
// Every error that leaves the package is an *Error (the server refused), a *ProtocolError (the peer does not speak
// QMP), a *BusyError (the server does not talk to us, because it talks to another client), an *AddressError, or an
// *OpError (everything else: the transport, the context, a call that could not be sent).
package qmpconn
