package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"
	"golang.org/x/time/rate"

	"claimdeck/action/scenario"
	"claimdeck/api"
	lx "claimdeck/api/lossexpress"
	"claimdeck/keymap"
	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/feed"
	"claimdeck/tui/screen"
	"claimdeck/tui/screen/sandbox"
	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
	"claimdeck/tui/widget/row"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is the screen on a small frame: keys go through the key map, and what the screen asks of the frame is kept.
type desk struct {
	t       *testing.T
	env     *screen.Env
	screen  *sandbox.Screen
	drive   *tuitest.Driver
	asked   []screen.Request
	sandbox *lossexpress.Server
	w, h    int
}

// setup is how a desk differs from the usual one.
type setup struct {
	production bool
	within     time.Duration
	wait       func(ctx context.Context, d time.Duration) error
	behaviour  lossexpress.Behaviour
	w, h       int
}

func sit(t *testing.T, s setup) *desk {
	t.Helper()
	d := &desk{t: t, w: max(s.w, 80), h: max(s.h, 24)}
	if s.w == 0 {
		d.w, d.h = 120, 40
	}
	d.sandbox = lossexpress.New(lossexpress.Options{Seed: 1, Now: time.Now, Behaviour: s.behaviour})
	t.Cleanup(d.sandbox.Close)
	client, err := lx.New(lx.Options{
		BaseURL:     "http://127.0.0.1:1",
		Credentials: func(context.Context) (string, string, error) { return "demo-client", "demo-secret", nil },
		API:         api.Options{Now: time.Now, Rate: rate.Inf, Transport: inProcess{d.sandbox}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.wait == nil {
		s.wait = func(ctx context.Context, d time.Duration) error {
			select {
			case <-time.After(d):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	d.env = &screen.Env{
		Tasks: screen.NewTasks(ctx), Keys: keymap.Default(), Theme: screen.NewLook(theme.New(theme.Options{Dark: true})),
		Studio:  scenario.New(scenario.Options{Client: client, Within: s.within, Now: time.Now, Wait: s.wait}),
		Profile: screen.Profile{Name: "north", Label: "sandbox", Production: s.production},
		Feed:    still{}, Now: time.Now, At: time.Now(),
	}
	d.screen = sandbox.New(d.env)
	d.drive = tuitest.Drive(t, frame{d})
	return d
}

// claim is a claim of the service, selected on another screen.
func (d *desk) claim(number string) {
	d.t.Helper()
	id := d.sandbox.AddClaim(lossexpress.ClaimSeed{ClaimNumber: number})
	d.screen.Open(screen.Subject{ClaimID: id, Number: number})
}

func (d *desk) view() string { return d.drive.Screen(d.w, d.h).String() }

func (d *desk) shows(words ...string) {
	d.t.Helper()
	for _, w := range words {
		if !strings.Contains(d.view(), w) {
			d.t.Errorf("no %q on the screen\n%s", w, d.view())
		}
	}
}

// said is the toast that came last.
func (d *desk) said() string {
	for _, req := range slices.Backward(d.asked) {
		if toast, ok := req.(screen.Toast); ok {
			return toast.Text
		}
	}
	return ""
}

// on moves the selection to a line of the menu.
func (d *desk) on(name string) {
	d.t.Helper()
	d.drive.Keys("g")
	for range 60 {
		for line := range strings.SplitSeq(d.view(), "\n") {
			if strings.HasPrefix(line, d.env.Theme.Glyphs.Marker) && strings.Contains(line, " "+name+" ") {
				return
			}
		}
		d.drive.Keys("j")
	}
	d.t.Fatalf("no line %q\n%s", name, d.view())
}

// frame is as much of the console as the screen needs.
type frame struct{ *desk }

func (f frame) Init() tea.Cmd { return f.screen.Refresh() }

func (f frame) View() tea.View { return tea.NewView(f.screen.View(f.w, f.h)) }

func (f frame) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	var req screen.Request
	switch msg := msg.(type) {
	case screen.Owned:
		if f.env.Tasks.Current(msg) {
			cmd, req = f.screen.Update(msg)
		}
	case tea.KeyPressMsg:
		r := f.env.Keys.Resolver().Press(append(f.screen.Scopes(), keymap.ScopeGlobal), keymap.Key{String: msg.String(), Keystroke: msg.Keystroke()})
		if r.Kind == keymap.Match {
			cmd, req, _ = f.screen.Do(r.ID)
		}
	}
	if req != nil {
		f.asked = append(f.asked, req)
	}
	return f, cmd
}

type still struct{}

func (still) Status() feed.Status { return feed.Status{} }
func (still) Poke()               {}
func (still) Hurry(time.Duration) {}
func (still) SetIdle(bool)        {}

// inProcess carries requests to a handler without a network.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	out := httptest.NewRecorder()
	p.handler.ServeHTTP(out, in)
	resp := out.Result() // the client closes it
	resp.Request = r
	return resp, r.Context().Err()
}

// TestEveryEffectHasItsKey: each test VIN and each trigger fires by its own key, and its activity is shown.
func TestEveryEffectHasItsKey(t *testing.T) {
	t.Parallel()
	for _, group := range []struct {
		prefix  string
		effects []scenario.Effect
	}{{"sandbox.vin.", scenario.TestVINs()}, {"sandbox.trigger.", scenario.Triggers()}} {
		for _, e := range group.effects {
			t.Run(group.prefix+e.Name, func(t *testing.T) {
				t.Parallel()
				d := sit(t, setup{within: 100 * time.Millisecond})
				d.claim("EX-77")
				before := len(d.sandbox.Writes())
				key := d.env.Keys.Hint(keymap.ID(group.prefix + e.Name))
				if key == "" {
					t.Fatal("it has no key")
				}
				d.drive.Keys(key)
				d.shows("after <0.1 s")
				w := d.sandbox.Writes()[before:]
				if len(w) != 1 || group.prefix == "sandbox.trigger." && w[0].Detail != string(e.Activity) {
					t.Errorf("it sent %+v", w)
				}
				if strings.HasPrefix(group.prefix, "sandbox.vin.") == strings.Contains(d.view(), "triggers on EX-77") {
					t.Errorf("the claim that triggers act on is wrong\n%s", d.view())
				}
			})
		}
	}
}

// TestWhatDoesNotComeIsSaid: the service accepts the trigger, and nothing happens.
func TestWhatDoesNotComeIsSaid(t *testing.T) {
	t.Parallel()
	d := sit(t, setup{within: 40 * time.Millisecond, behaviour: lossexpress.Behaviour{TestVINDelay: time.Hour}})
	d.drive.Keys("C")
	d.shows("! failed", "call-made did not come in", "Test VIN call on SCN-")
	if !strings.Contains(d.said(), "Test VIN call: call-made did not come in") {
		t.Errorf("said %q", d.said())
	}
}

func TestTriggersNeedAClaim(t *testing.T) {
	t.Parallel()
	d := sit(t, setup{})
	d.shows("triggers: select a claim in Activity or Claims first", "Nothing was fired yet")
	d.drive.Keys("c", "v")
	if !strings.Contains(d.said(), "Triggers act on a claim: select one") || len(d.sandbox.Writes()) != 0 {
		t.Errorf("said %q, %d writes", d.said(), len(d.sandbox.Writes()))
	}
	d.claim("EX-9")
	d.shows("triggers on EX-9")
	if on := d.screen.Subject(); on.Number != "EX-9" {
		t.Errorf("subject %+v", on)
	}
	d.screen.Open(screen.Subject{})
	d.shows("triggers on EX-9")
}

func TestProductionIsRefusedWithWords(t *testing.T) {
	t.Parallel()
	d := sit(t, setup{production: true})
	d.claim("EX-9")
	d.shows("This profile is production", "claimdeck --profile NAME")
	d.drive.Keys("C", "c", "enter")
	if !strings.HasPrefix(d.said(), "This profile is production") || len(d.sandbox.Writes()) != 0 {
		t.Errorf("said %q, %d writes", d.said(), len(d.sandbox.Writes()))
	}
	for _, o := range d.screen.Offers() {
		if o.Enabled || !strings.HasPrefix(o.Why, "this profile is production") {
			t.Errorf("offers %+v", o)
		}
	}
}

// TestAScenarioRunsStepByStep: its steps are listed before, and told after.
func TestAScenarioRunsStepByStep(t *testing.T) {
	t.Parallel()
	d := sit(t, setup{})
	d.on("messages")
	d.shows("A message is sent and LossExpress answers.", "· create plain", "· wait direct-message-added")
	d.on("vin-payoff")
	d.drive.Keys("enter")
	d.shows("+ create payoff", "+ wait payoff-data-added", "passed, 4 steps, 1 claim created", "Scenario vin-payoff on SCN-")
	d.drive.Keys("v")
	if len(d.asked) != 1 {
		t.Errorf("asked %+v", d.asked)
	}
}

// TestWaitingAndStopping: while an activity is waited for the screen says so, and it can be stopped.
func TestWaitingAndStopping(t *testing.T) {
	t.Parallel()
	d := sit(t, setup{
		behaviour: lossexpress.Behaviour{TestVINDelay: time.Hour},
		wait:      func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() },
	})
	d.on("vin-call")
	d.drive.Keys("enter")
	d.shows("1 under way", "step 3 of 3", "+ wait claim-created", "wait call-made", "under way")
	d.drive.Keys("a")
	if !strings.HasPrefix(d.said(), "Stopping: scenario vin-call") {
		t.Errorf("said %q", d.said())
	}
	d.drive.Keys("a")
	if d.said() != "Nothing is under way" {
		t.Errorf("said %q", d.said())
	}
}

// TestTheNewClaimIsTheOneToActOn: a trigger after a test VIN acts on the claim that it created.
func TestTheNewClaimIsTheOneToActOn(t *testing.T) {
	t.Parallel()
	d := sit(t, setup{})
	d.drive.Keys("M", "c")
	w := d.sandbox.Writes()
	if len(w) != 2 || w[0].ClaimID != w[1].ClaimID {
		t.Errorf("writes %+v", w)
	}
	d.drive.Keys("v")
	nav, ok := d.asked[len(d.asked)-1].(screen.Navigate)
	if !ok || nav.To != screen.Claim || nav.Claim.ClaimID != w[0].ClaimID {
		t.Errorf("asked %+v", d.asked)
	}
}

// TestItFitsEverySize: exactly the lines there are, none too wide, whatever was fired.
func TestItFitsEverySize(t *testing.T) {
	t.Parallel()
	d := sit(t, setup{within: 20 * time.Millisecond, behaviour: lossexpress.Behaviour{TestVINDelay: time.Hour}})
	d.claim("EX-77-WITH-A-LONG-NUMBER")
	d.drive.Keys("C", "m")
	for range 30 {
		for _, size := range [][2]int{{0, 0}, {1, 1}, {60, 16}, {80, 20}, {100, 30}, {120, 36}, {200, 56}} {
			w, h := size[0], size[1]
			lines := strings.Split(d.screen.View(w, h), "\n")
			if h > 0 && len(lines) != h {
				t.Fatalf("%d lines at %d×%d", len(lines), w, h)
			}
			for _, line := range lines {
				if n := row.Width(line); w >= 60 && n > w {
					t.Fatalf("%d cells at %d×%d: %q", n, w, h, line)
				}
			}
		}
		d.drive.Keys("j")
	}
}
