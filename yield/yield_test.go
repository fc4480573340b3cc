package yield_test

import (
	"net"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mykpi/mykpi/yield"
)

func newYielder(t *testing.T) *yield.Yielder {
	t.Helper()
	y, err := yield.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := y.Close(); err != nil {
			t.Error(err)
		}
	})
	return y
}

// What came by the network while the one processor was at work is served when the work gives way, before it goes on.
func TestTheNetworkIsServed(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	y := newYielder(t)
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var served atomic.Int64
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		for b := make([]byte, 1); ; served.Add(1) {
			if _, err := connection.Read(b); err != nil {
				return
			}
		}
	}()
	client, err := net.Dial("unix", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	y.Now() // it is accepted, and waits
	const requests = 1000
	late := 0
	for n := int64(1); n <= requests; n++ {
		if _, err := client.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		for giving := 0; served.Load() != n; giving++ {
			switch giving {
			case 10:
				late++
			case 1_000_000:
				t.Fatalf("request %d is not served at all", n)
			}
			y.Now()
		}
	}
	// Once is enough, but where the system itself holds the thread that serves, while this one gives way to nobody.
	if late > requests/50 {
		t.Errorf("%d of %d requests were not served after giving way 10 times", late, requests)
	}
}

func TestManyGiveWay(t *testing.T) {
	y := newYielder(t)
	var working sync.WaitGroup
	for range 8 {
		working.Go(func() {
			for range 1000 {
				y.Now()
			}
		})
	}
	working.Wait()
}

func TestClosed(t *testing.T) {
	y, err := yield.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := y.Close(); err != nil {
		t.Fatal(err)
	}
	y.Now()
	var none *yield.Yielder
	none.Now()
}
