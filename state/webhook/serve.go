package webhook

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// The bounds of what a client may cost, and of the end.
const (
	maxConnections = 128
	headerTimeout  = 5 * time.Second
	readTimeout    = 15 * time.Second
	writeTimeout   = 45 * time.Second // longer than asking for a key and a commit together
	idleTimeout    = time.Minute
	maxHeader      = 16 << 10
	drainTimeout   = 3 * time.Second
)

// Serve takes deliveries from l until ctx ends; then those under way are finished, for three seconds at most. It closes l.
func (r *Receiver) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler: r, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(r.o.Log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(limit(l, maxConnections)) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	err := srv.Shutdown(end)
	if err != nil {
		err = srv.Close()
	}
	<-served //nolint:errcheck // it says that the server was shut down, which is known
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// limited accepts no more connections than it has slots.
type limited struct {
	net.Listener
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once
}

func limit(l net.Listener, n int) net.Listener {
	return &limited{Listener: l, slots: make(chan struct{}, n), closed: make(chan struct{})}
}

// Accept waits for a slot, then for a connection.
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &slotted{Conn: c, free: func() { <-l.slots }}, nil
}

// Close ends Accept.
func (l *limited) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type slotted struct {
	net.Conn
	once sync.Once
	free func()
}

// Close gives the slot back.
func (c *slotted) Close() error {
	c.once.Do(c.free)
	return c.Conn.Close()
}
