package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/webhook"
)

// registrationSetting is where register tells the listeners of the profile what it does.
const registrationSetting = "webhook.registration"

// printedLate is how long the lines of the last deliveries may take at the end.
const printedLate = time.Second

// listenOptions are the flags of webhook listen.
type listenOptions struct{ addr, path string }

func (p *Program) webhookListen() *cobra.Command {
	var o listenOptions
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Receive what LossExpress posts, until interrupted",
		Long: "Receives deliveries, checks their signatures and commits them to the store of the profile, where the consoles on\n" +
			"this machine see them at once. A delivery is answered with 200 after it is committed. Each one is printed, with\n" +
			"--json exactly as it was sent. It speaks plain http: on an address that others can reach, a proxy with TLS must\n" +
			"stand in front. The feed stays the truth: keep a console or claimdeck feed --follow for what is never delivered.",
		Example: "claimdeck webhook listen --addr 127.0.0.1:8791\nclaimdeck webhook listen --addr 127.0.0.1:8791 --path /claimdeck --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.listenWebhook(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.addr, "addr", "127.0.0.1:8791", "address to listen on, HOST:PORT")
	cmd.Flags().StringVar(&o.path, "path", "/", "path that deliveries are posted to")
	return cmd
}

func (p *Program) listenWebhook(ctx context.Context, o listenOptions) error {
	host, _, err := net.SplitHostPort(o.addr)
	switch {
	case err != nil:
		return usage("--addr %s is not HOST:PORT, such as 127.0.0.1:8791", o.addr)
	case !strings.HasPrefix(o.path, "/"):
		return usage("--path %s does not begin with /", o.path)
	case !loopback(host):
		p.narrate("warning: %s can be reached from elsewhere and speaks plain http: a proxy with TLS must stand in front of it", o.addr)
	}
	// First of all: what is posted while the rest is made ready waits.
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.addr)
	if err != nil {
		return fmt.Errorf("nothing can be received on %s: %w; choose another address with --addr", o.addr, err)
	}
	defer l.Close() //nolint:errcheck // the receiver closes it; this is for what fails before
	s, cfg, err := p.profileSession(ctx, nil)
	if err != nil {
		return err
	}
	defer s.close()
	keys, err := p.webhookKeys(ctx, s)
	if err != nil {
		return err
	}
	p.narrate("listening on http://%s%s", l.Addr(), o.path)
	return p.receive(ctx, s, l, webhook.Options{
		Keys: keys.Keys, Renew: keys.Renew, Testing: (&registrations{s: s, now: p.Now}).testing,
		ClientID: cfg.Profile.LossExpress.ClientID, Path: o.path, Ingest: s.ingestOne, Now: p.Now, Log: s.log,
	})
}

// webhookKeys asks for the key. Only a refused sign-in ends it: anything else may pass, and a signature that fails asks
// again.
func (p *Program) webhookKeys(ctx context.Context, s *session) (*webhook.Keyring, error) {
	keys := webhook.NewKeyring(webhook.KeyringOptions{
		Fetch: func(ctx context.Context) (string, error) {
			info, _, err := s.webhookInfo(ctx)
			return info.APIKey.Reveal(), err
		},
		Registered: (&registrations{s: s, now: p.Now}).ended, Now: p.Now, Log: s.log,
	})
	found, err := keys.Load(ctx)
	switch {
	case err != nil && (signedOut(err) || ctx.Err() != nil):
		return nil, err
	case err != nil:
		p.narrate("the webhook's key was not read, the first delivery asks for it again: %s", err)
	case !found:
		p.narrate("no webhook is registered yet: claimdeck webhook register URL does it, while this runs")
	}
	return keys, nil
}

// ingestOne commits one delivered activity. The cursor of the feed stays: a delivery says nothing of those before it.
func (s *session) ingestOne(ctx context.Context, a activity.Activity) (added bool, err error) {
	result, err := s.store.Ingest(ctx, feed.Batch{Activities: []activity.Activity{a}})
	if err != nil || len(result.Added) == 0 {
		return false, err
	}
	s.box.Observe(ctx, result.Added)
	return true, nil
}

// receive takes deliveries until ctx ends, and prints them.
func (p *Program) receive(ctx context.Context, s *session, l net.Listener, o webhook.Options) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out := newDeliveries(p)
	o.Delivered = out.add
	r := webhook.New(o)
	printed := make(chan error, 1)
	go func() {
		err := out.print()
		if err != nil {
			stop() // nobody reads any more
		}
		printed <- err
	}()
	err := r.Serve(ctx, l)
	out.close()
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), printedLate)
	defer cancel()
	select {
	case printErr := <-printed:
		err = errors.Join(err, printErr)
	case <-late.Done():
		p.narrate("stdout was not read to the end; everything is stored: claimdeck feed")
	}
	if n := out.unprinted(); n > 0 {
		p.narrate("%d deliveries were not printed because stdout was not read; they are stored: claimdeck feed", n)
	}
	p.narrate("%s", r.Stats())
	s.log.Info("webhook listener ended", "deliveries", r.Stats())
	return err
}

// maxUnread is how many deliveries wait for stdout. The service must not wait for whoever reads it.
const maxUnread = 4096

// deliveries are printed one after the other, apart from the answers to the service.
type deliveries struct {
	p    *Program
	mu   sync.Mutex
	ch   chan delivery
	done bool
	lost int
}

type delivery struct {
	activity activity.Activity
	added    bool
}

func newDeliveries(p *Program) *deliveries {
	return &deliveries{p: p, ch: make(chan delivery, maxUnread)}
}

func (d *deliveries) add(a activity.Activity, added bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done {
		d.lost++
		return
	}
	select {
	case d.ch <- delivery{a, added}:
	default:
		d.lost++
	}
}

func (d *deliveries) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = true
	close(d.ch)
}

func (d *deliveries) unprinted() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lost
}

func (d *deliveries) print() error {
	for next := range d.ch {
		if err := d.p.print(d.p.deliveryLine(next)); err != nil {
			return fmt.Errorf("what was delivered cannot be printed: %w", err)
		}
	}
	return nil
}

// deliveryLine is a delivery as it is printed: in words, or with --json as it was sent.
func (p *Program) deliveryLine(d delivery) string {
	a := d.activity
	if p.json {
		return oneLine(a)
	}
	line := fmt.Sprintf("%s  %-12s  %s", a.CreatedAt.Local().Format("2006-01-02 15:04:05"), a.ClaimNumber, a.Summary())
	if !d.added {
		line += "  (stored before)"
	}
	return line
}

// registrations reads what register says in the store.
type registrations struct {
	s   *session
	now func() time.Time

	mu   sync.Mutex
	seen string // the registration whose test came
}

func (r *registrations) read(ctx context.Context) webhook.Registration {
	v, ok, err := r.s.store.Setting(ctx, registrationSetting)
	if err != nil {
		r.s.log.Warn("whether a registration is under way is not known", "error", err)
	}
	if err != nil || !ok {
		return webhook.Registration{}
	}
	return webhook.ParseRegistration(v)
}

// testing reports whether a registration is under way whose test did not come yet: it has one.
func (r *registrations) testing(ctx context.Context) bool {
	reg := r.read(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !reg.UnderWay(r.now()) || reg.ID == r.seen {
		return false
	}
	r.seen = reg.ID
	return true
}

func (r *registrations) ended(ctx context.Context) time.Time { return r.read(ctx).Ended }
