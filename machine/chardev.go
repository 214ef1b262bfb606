package machine

// A Chardev is a character device's host side.
type Chardev struct {
	Label     string
	Filename  string      // the server's description, as it is
	Kind      string      // "unix", "tcp", "pty", "file", "stdio", "null", …, out of Filename; "" when not told
	Address   string      // "/run/q.sock", "127.0.0.1:4444", "/dev/pts/3", out of Filename; "" when not told
	Peer      string      // the address of whoever is connected, where told
	Listening bool        // a socket that waits for connections
	Connected Maybe[bool] // somebody is at the other end, where the backend has one and tells
	Frontend  Maybe[bool] // the guest has the device open; not known on servers before 2.1
}
