package qapi

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// For the tests from outside, which may use the packages below this one.
var PrintSchema = printSchema

// Reseal gives damaged data the right beginning and checksum.
func Reseal(data []byte) []byte {
	if len(data) < len(compactMagic)+4 {
		return data
	}
	data = bytes.Clone(data)
	copy(data, compactMagic)
	sum := data[len(compactMagic):]
	binary.LittleEndian.PutUint32(sum, crc32.ChecksumIEEE(sum[4:]))
	return data
}
