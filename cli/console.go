package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/action/scenario"
	"claimdeck/action/systems"
	"claimdeck/keymap"
	"claimdeck/state/config"
	"claimdeck/state/secret"
	"claimdeck/state/store"
	"claimdeck/tui"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/picker"
)

// framesPerSecond halves the wait for a frame after a key, at no measurable cost while idle.
const framesPerSecond = 120

// otherEvery is how often commits of other processes are looked for.
const otherEvery = time.Second

// console opens the console on the configured profile.
func (p *Program) console(cmd *cobra.Command, _ []string) error {
	changes := newSignal()
	s, cfg, err := p.profileSession(cmd.Context(), changes.raise)
	if errors.Is(err, errNoAccount) {
		return p.welcome(cmd, err)
	}
	if err != nil {
		return err
	}
	defer s.close()
	studio, err := p.studio(s, cfg.Profile, studioOptions{})
	if err != nil {
		return err
	}
	if err := s.signInQuietly(cmd.Context(), cfg.Profile.Systems()); err != nil {
		return err
	}
	s.hush()
	keys, notice := loadKeys(cfg)
	return p.runConsole(cmd.Context(), s, consoleOptions{
		changes: changes, keys: keys, notice: notice, studio: studio,
		profile: screen.Profile{
			Name: cfg.Profile.Name, Label: label(cfg.Profile), Production: cfg.Profile.Environment == config.Production,
			Host: host(cfg.Profile.LossExpress.URL),
		},
		theme: theme.Options{Dark: cfg.Profile.Theme != config.LightTheme, ASCII: cfg.Profile.ASCII},
		fixed: cfg.Profile.Theme != config.AutoTheme, downloads: cfg.Paths.Downloads, templates: templates(cfg),
		signIn: func() *exec.Cmd {
			return exec.CommandContext(cmd.Context(), p.Self, "login", "--profile", cfg.Profile.Name) //nolint:gosec // ourselves
		},
	})
}

// consoleOptions are what the console of a session needs besides it.
type consoleOptions struct {
	changes *changeSignal
	keys    *keymap.Map
	studio  *scenario.Studio
	notice  string
	profile screen.Profile
	theme   theme.Options
	fixed   bool
	signIn  func() *exec.Cmd
	// downloads is the folder that documents are fetched into, templates the person's beginnings of messages.
	downloads string
	templates []screen.Template
}

// signInQuietly gets the secrets while questions can still be asked. Without one the console opens all the same and says
// that nobody is signed in; a passphrase that was asked for LossExpress and not given ends it. A side system is never in
// the way.
func (s *session) signInQuietly(ctx context.Context, configured []string) error {
	for i, c := range s.creds {
		if i > 0 && !slices.Contains(configured, c.system) {
			continue
		}
		_, err := c.fetch(ctx)
		switch {
		case i == 0 && (errors.Is(err, secret.ErrPassphrase) || errors.Is(err, errNotTyped)), ctx.Err() != nil:
			return &exit{exitSignedOut, err}
		case err != nil:
			s.log.Warn("no secret yet", "system", c.system, "error", err)
		}
	}
	return nil
}

// hush ends all questions: from now on the console has the screen.
func (s *session) hush() {
	for _, c := range s.creds {
		c.hush()
	}
}

// runConsole runs the syncer, the outbox and the console until the person quits.
func (p *Program) runConsole(ctx context.Context, s *session, o consoleOptions) error {
	ctx, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	desk := s.desk(p, o.downloads)
	defer desk.Wait() // what is being filed comes to its end
	defer stop()
	defer s.store.Subscribe(o.changes.raise)()
	defer s.watchFeed(o.changes)()
	for _, run := range []func(context.Context) error{s.syncer.Run, s.box.Run, s.watchOthers(p, s.othersWrote(o.changes))} {
		work.Go(func() {
			if err := run(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("background work ended", "error", err)
			}
		})
	}
	opts := p.tuiOptions(ctx, s, o)
	opts.Env.Filings = desk
	app := tui.New(opts)
	prog := tea.NewProgram(p.hook(app),
		tea.WithContext(context.WithoutCancel(ctx)), tea.WithInput(p.Stdin), tea.WithOutput(p.Stdout), tea.WithFPS(framesPerSecond),
		tea.WithoutSignalHandler())
	defer context.AfterFunc(ctx, prog.Quit)()
	_, err := prog.Run()
	switch {
	case errors.Is(context.Cause(ctx), ErrInterrupted):
		return &exit{exitInterrupted, errors.New("")}
	case ctx.Err() != nil:
		return &exit{exitTerminated, errors.New("")}
	case err != nil:
		return fmt.Errorf("the console ended by a fault, nothing was lost: %w", err)
	}
	return nil
}

func (p *Program) tuiOptions(ctx context.Context, s *session, o consoleOptions) tui.Options {
	home, _ := os.UserHomeDir() // without one, ~ is a name like any other
	start, _ := os.Getwd()      // then browsing starts at home
	opts := tui.Options{
		Env: &screen.Env{
			Tasks: screen.NewTasks(ctx), Store: s.store, Feed: s.syncer, Actions: s.actions, Box: s.box,
			Open: s.openClaim, Find: s.find, Keys: o.keys, Studio: o.studio, Clip: p.clipboard(), Profile: o.profile, Now: func() time.Time { return p.Now().Local() },
			Log: s.log, Layout: s.layout(ctx), Download: s.download(o.downloads), OpenFile: p.opener(), Templates: o.templates,
		},
		Changes: o.changes.ch, Done: ctx.Done(), Theme: o.theme, Fixed: o.fixed, Notice: o.notice, Settle: s.box.Settle,
		Files: tui.Files{ReadDir: picker.ReadDir, Inspect: action.Inspect, Home: home, Start: start},
		Edit:  p.editors(ctx),
	}
	s.sides(opts.Env)
	if o.signIn != nil {
		opts.SignIn = func() tea.ExecCommand { return signInCommand{o.signIn(), s.signedIn} }
	}
	return opts
}

// sides hands the side systems to the screens. An interface that holds a nil pointer is not nil: a system without an
// account stays away.
func (s *session) sides(env *screen.Env) {
	if s.systems.Reserves != nil {
		env.Reserves = s.systems.Reserves
	}
	env.NoReserves = s.systems.Problem(config.ClaimCenter)
	env.Case = func(ctx context.Context, claimID string) (systems.Case, bool, error) {
		return systems.CaseOf(ctx, s.store, claimID)
	}
}

// signInCommand lets the console run the sign-in with the terminal released.
type signInCommand struct {
	*exec.Cmd
	done func() // called after it succeeded
}

// Run runs the command.
func (c signInCommand) Run() error {
	err := c.Cmd.Run()
	if err == nil {
		c.done()
	}
	return err
}

// signedIn makes the new sign-in count at once.
func (s *session) signedIn() {
	for _, c := range s.creds {
		c.doubt()
	}
	s.syncer.Poke()
}

// SetStdin, SetStdout and SetStderr connect the command to the terminal.
func (c signInCommand) SetStdin(r io.Reader) { c.Stdin = r }

// SetStdout connects the command's output.
func (c signInCommand) SetStdout(w io.Writer) { c.Stdout = w }

// SetStderr connects the command's errors.
func (c signInCommand) SetStderr(w io.Writer) { c.Stderr = w }

// watchFeed raises the signal when the feed's status changed in a way that shows.
func (s *session) watchFeed(changes *changeSignal) (cancel func()) {
	var mu sync.Mutex
	last := s.syncer.Status()
	return s.syncer.Subscribe(func() {
		now := s.syncer.Status()
		mu.Lock()
		shows := now.Phase != last.Phase || now.Why != last.Why || !now.NextTry.Equal(last.NextTry) || now.Pages != last.Pages
		last = now
		mu.Unlock()
		if shows {
			changes.raise()
		}
	})
}

// othersWrote looks whether what another process stored confirms a write, and raises the signal.
func (s *session) othersWrote(changes *changeSignal) func(context.Context) {
	return func(ctx context.Context) {
		s.box.Observe(ctx, nil)
		changes.raise()
	}
}

// watchOthers calls changed when another process committed to the store.
func (s *session) watchOthers(p *Program, changed func(context.Context)) func(context.Context) error {
	return func(ctx context.Context) error {
		last := int64(-1)
		for {
			version, err := s.store.DataVersion(ctx)
			if err == nil && last >= 0 && version != last {
				changed(ctx)
			}
			if err == nil {
				last = version
			}
			if err := p.wait(ctx, otherEvery); err != nil {
				return nil //nolint:nilerr // the end of ctx is the end of the work
			}
		}
	}
}

// layout is where the person last wanted the claim to stand.
func (s *session) layout(ctx context.Context) screen.Layout {
	v, ok, err := s.store.Setting(ctx, "layout")
	if err != nil || !ok {
		return screen.Auto
	}
	return screen.Layout(v)
}

// templates are the configured beginnings of messages.
func templates(cfg config.Config) []screen.Template {
	out := make([]screen.Template, 0, len(cfg.Templates))
	for _, t := range cfg.Templates {
		out = append(out, screen.Template{Name: t.Name, Text: t.Text})
	}
	return out
}

// changeSignal is raised when something changed; raising it again before it was seen changes nothing.
type changeSignal struct{ ch chan struct{} }

func newSignal() *changeSignal { return &changeSignal{make(chan struct{}, 1)} }

func (c *changeSignal) raise() {
	select {
	case c.ch <- struct{}{}:
	default:
	}
}

func label(p config.Profile) string {
	if p.Environment == config.Production {
		return "PRODUCTION"
	}
	if p.Name == "" || p.Name == "default" {
		return "sandbox"
	}
	return p.Name
}

func host(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return u.Host
}

var _ screen.Store = (*store.Store)(nil)
