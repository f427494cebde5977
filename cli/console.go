package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/keymap"
	"claimdeck/state/config"
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
	if err != nil {
		return err
	}
	defer s.close()
	keys, notice := loadKeys(cfg)
	return p.runConsole(cmd.Context(), s, consoleOptions{
		changes: changes, keys: keys, notice: notice,
		profile: screen.Profile{
			Name: cfg.Profile.Name, Label: label(cfg.Profile), Production: cfg.Profile.Environment == config.Production,
			Host: host(cfg.Profile.LossExpress.URL),
		},
		theme: theme.Options{Dark: cfg.Profile.Theme != config.LightTheme, ASCII: cfg.Profile.ASCII},
		fixed: cfg.Profile.Theme != config.AutoTheme,
		signIn: func() *exec.Cmd {
			return exec.CommandContext(cmd.Context(), p.Self, "login", "--profile", cfg.Profile.Name) //nolint:gosec // ourselves
		},
	})
}

// consoleOptions are what the console of a session needs besides it.
type consoleOptions struct {
	changes *changeSignal
	keys    *keymap.Map
	notice  string
	profile screen.Profile
	theme   theme.Options
	fixed   bool
	signIn  func() *exec.Cmd
}

// runConsole runs the syncer, the outbox and the console until the person quits.
func (p *Program) runConsole(ctx context.Context, s *session, o consoleOptions) error {
	ctx, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	defer s.store.Subscribe(o.changes.raise)()
	defer s.watchFeed(o.changes)()
	for _, run := range []func(context.Context) error{s.syncer.Run, s.box.Run, s.watchOthers(o.changes)} {
		work.Go(func() {
			if err := run(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("background work ended", "error", err)
			}
		})
	}
	app := tui.New(p.tuiOptions(ctx, s, o))
	prog := tea.NewProgram(p.hook(app),
		tea.WithContext(context.WithoutCancel(ctx)), tea.WithInput(p.Stdin), tea.WithOutput(p.Stdout), tea.WithFPS(framesPerSecond))
	_, err := prog.Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted):
		return &exit{130, errors.New("")}
	case err != nil:
		return fmt.Errorf("the console ended by a fault, nothing was lost: %w", err)
	case ctx.Err() != nil:
		return &exit{143, errors.New("")}
	}
	return nil
}

func (p *Program) tuiOptions(ctx context.Context, s *session, o consoleOptions) tui.Options {
	home, _ := os.UserHomeDir() //nolint:errcheck // without one, ~ is a name like any other
	start, _ := os.Getwd()      //nolint:errcheck // then browsing starts at home
	opts := tui.Options{
		Env: &screen.Env{
			Tasks: screen.NewTasks(ctx), Store: s.store, Feed: s.syncer, Actions: s.actions, Box: s.box,
			Open: s.openClaim, Find: s.find, Keys: o.keys, Profile: o.profile, Now: func() time.Time { return p.Now().Local() },
			Log: s.log, Layout: s.layout(ctx),
		},
		Changes: o.changes.ch, Done: ctx.Done(), Theme: o.theme, Fixed: o.fixed, Notice: o.notice, Settle: s.box.Settle,
		Files: tui.Files{ReadDir: picker.ReadDir, Inspect: action.Inspect, Home: home, Start: start},
	}
	if o.signIn != nil {
		opts.SignIn = func() tea.ExecCommand { return execCommand{o.signIn()} }
	}
	return opts
}

// execCommand lets the console run a command with the terminal released.
type execCommand struct{ *exec.Cmd }

// SetStdin, SetStdout and SetStderr connect the command to the terminal.
func (c execCommand) SetStdin(r io.Reader) { c.Stdin = r }

// SetStdout connects the command's output.
func (c execCommand) SetStdout(w io.Writer) { c.Stdout = w }

// SetStderr connects the command's errors.
func (c execCommand) SetStderr(w io.Writer) { c.Stderr = w }

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

// watchOthers raises the signal when another process committed to the store.
func (s *session) watchOthers(changes *changeSignal) func(context.Context) error {
	return func(ctx context.Context) error {
		last := int64(-1)
		for {
			version, err := s.store.DataVersion(ctx)
			if err == nil && last >= 0 && version != last {
				changes.raise()
			}
			if err == nil {
				last = version
			}
			if err := wait(ctx, otherEvery); err != nil {
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
