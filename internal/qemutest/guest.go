package qemutest

import (
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// dirtier is a program for the boot sector, in hex. It enters protected mode and increments one byte in every page from
// 1 MiB to 128 MiB, for ever:
//
//	    cli; xor ax,ax; mov ds,ax                      ; real mode, at 0x7c00
//	    in al,0x92; or al,2; out 0x92,al               ; address line 20
//	    lgdt [gdt]; mov eax,cr0; or eax,1; mov cr0,eax ; flat 4 GiB segments
//	    jmp 8:protected
//	protected:
//	    mov ax,16; mov ds,ax; mov es,ax
//	again:
//	    mov edi,0x100000
//	next:
//	    inc byte [edi]; add edi,4096; cmp edi,0x8000000; jb next
//	    jmp again
const dirtier = "" +
	"fa31c08ed8e4920c02e6920f0116587c0f20c06683c8010f22c0ea1f7c080066b810008ed88ec0bf00001000fe0781c70010000081ff0000" +
	"000872f0ebe966900000000000000000ffff0000009acf00ffff00000092cf001700407c0000"

// limit is where dirtier has the address up to which it writes, four bytes, the lowest first.
const limit = 0x36

// DirtyGuest writes a floppy image with a guest that dirties 127 MiB of its memory as fast as it can, and returns its
// path. A machine that boots it (-drive if=floppy,format=raw,file=PATH -boot a -m 256) has 127 MiB dirty after each pass
// of a live migration, and so never converges on a slow link.
func DirtyGuest(tb testing.TB, dir string) string { return DirtyGuestOf(tb, dir, 127) }

// DirtyGuestOf is DirtyGuest with as many MiB to dirty, up to 127. Fewer make passes shorter on a link so slow that any
// host keeps up with it.
func DirtyGuestOf(tb testing.TB, dir string, mib int) string {
	tb.Helper()
	sector := make([]byte, 512)
	program, err := hex.DecodeString(dirtier)
	if err != nil {
		tb.Fatal(err)
	}
	copy(sector, program)
	binary.LittleEndian.PutUint32(sector[limit:], uint32(1+mib)<<20)
	sector[510], sector[511] = 0x55, 0xaa
	path := filepath.Join(dir, "guest.img")
	if err := os.WriteFile(path, sector, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}
