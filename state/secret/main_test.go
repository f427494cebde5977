package secret

import (
	"testing"

	"go.uber.org/goleak"
)

// The D-Bus library keeps one shared connection for the life of the process; a real keyring opens it.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.newConn.func1"),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.(*Conn).inWorker"))
}
