package machine_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain checks that every goroutine has ended.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
