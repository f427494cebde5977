package tui_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/uuid"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/tui"
	"claimdeck/tui/tuitest"
)

// benchRows is how many activities the benchmarks store unless CLAIMDECK_BENCH_ROWS says otherwise.
const benchRows = 20_000

// BenchmarkConsole measures what a person waits for: Update and View of one message, without the reads it starts,
// which run beside it. Results of those reads are delivered between the measured steps.
func BenchmarkConsole(b *testing.B) {
	r := newRig(b, setup{empty: true, unread: true})
	r.grow(b)
	for _, size := range [][2]int{{120, 40}, {200, 60}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			run := func(name string, prepare []string, keys ...string) {
				b.Run(name, func(b *testing.B) {
					c := newBench(b, r, size[0], size[1])
					c.press(prepare...)
					c.settle()
					msgs := tuitest.Keys(keys...)
					b.ReportAllocs()
					for i := 0; b.Loop(); i++ {
						c.step(msgs[i%len(msgs)])
						if len(c.cmds) > 0 {
							b.StopTimer()
							c.settle()
							b.StartTimer()
						}
					}
				})
			}
			down := make([]string, 0, 200)
			for range 100 {
				down = append(down, "j")
			}
			both := down
			for range 100 {
				both = append(both, "k")
			}
			run("cursor", nil, "j", "k")
			run("cursor-scrolling", nil, both...)
			run("page", []string{"pgdown", "pgdown"}, "pgdown", "pgup")
			run("jump-to-end", nil, "G", "g")
			run("filter-keystroke", []string{"/"}, "p", "backspace")
			run("open-claim-and-back", nil, "enter", "esc")
			run("claim-tab", []string{"enter"}, "tab")
			run("palette-keystroke", []string{":"}, "o", "backspace")
			run("form-keystroke", []string{"O"}, "down", "up")
			run("form-typing", []string{"N"}, "a", "backspace")
			run("form-section", []string{"N"}, "pgdown", "pgdown", "pgup", "pgup")
			run("message-typing", []string{"m"}, "a", "backspace")
			run("detail-scroll", []string{"i"}, "j", "k")
			run("help-search", []string{"?"}, "o", "backspace")
			run("help", nil, "?", "esc")
			b.Run("arrival", func(b *testing.B) { benchArrival(b, r, size[0], size[1]) })
			b.Run("resize", func(b *testing.B) {
				c := newBench(b, r, size[0], size[1])
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					c.step(tea.WindowSizeMsg{Width: size[0] - i%2, Height: size[1]})
				}
			})
		})
	}
}

// benchArrival measures what a committed row costs the event loop: every step from the signal to the last frame.
func benchArrival(b *testing.B, r *rig, w, h int) {
	b.Helper()
	c := newBench(b, r, w, h)
	if c.changed == nil {
		b.Fatal("the console did not take the signal")
	}
	n := 1_000_000
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		n++
		r.ingest([]activity.Activity{benchActivity(b, n, r.now())})
		c.timed = true
		c.step(c.changed)
		c.settle()
		c.timed = false
		b.StartTimer()
	}
}

// bench is a console whose commands run when it is told to, and whose clockwork stands still.
type bench struct {
	b       *testing.B
	app     *tui.App
	cmds    []tea.Cmd
	msgs    chan tea.Msg
	changed tea.Msg // that the store changed, as the console hears it
	timed   bool    // the timer stands still between steps
}

func newBench(b *testing.B, r *rig, w, h int) *bench {
	b.Helper()
	o := r.options
	own := make(chan struct{}, 1) // another console of this run would take the signal away
	own <- struct{}{}
	o.Changes = own
	c := &bench{b: b, app: tui.New(o), msgs: make(chan tea.Msg, 1<<12)}
	c.cmds = append(c.cmds, c.app.Init())
	c.step(tea.WindowSizeMsg{Width: w, Height: h})
	c.settle()
	fits(b, c.app.View().Content, w, h)
	return c
}

func (c *bench) press(names ...string) {
	for _, msg := range tuitest.Keys(names...) {
		c.step(msg)
		c.settle()
	}
}

// step is what is measured.
func (c *bench) step(msg tea.Msg) {
	if c.timed {
		c.b.StartTimer()
		defer c.b.StopTimer()
	}
	_, cmd := c.app.Update(msg)
	if cmd != nil {
		c.cmds = append(c.cmds, cmd)
	}
	_ = c.app.View()
}

// settle runs the commands and delivers their answers until nothing more comes. Those that wait for time are left
// behind.
func (c *bench) settle() {
	for {
		for _, cmd := range c.cmds {
			if cmd != nil {
				go func() { c.msgs <- cmd() }()
			}
		}
		c.cmds = nil
		select {
		case msg := <-c.msgs:
			c.deliver(msg)
		case <-time.After(2 * time.Millisecond):
			if c.app.Idle() && len(c.msgs) == 0 {
				return
			}
		}
	}
}

func (c *bench) deliver(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		c.cmds = append(c.cmds, msg...)
	default:
		switch typeName(msg) {
		case "tui.listenAgain", "tui.ageTick":
		case "tui.changed":
			c.changed = msg
			c.step(msg)
		default:
			c.step(msg)
		}
	}
}

// grow fills the store.
func (r *rig) grow(b *testing.B) {
	b.Helper()
	rows := benchRows
	if v := os.Getenv("CLAIMDECK_BENCH_ROWS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1000 {
			b.Fatalf("CLAIMDECK_BENCH_ROWS=%s: want a number of at least 1000", v)
		}
		rows = n
	}
	for from := 0; from < rows; from += 500 {
		batch := make([]activity.Activity, 0, 500)
		for n := from; n < min(from+500, rows); n++ {
			batch = append(batch, benchActivity(b, n, r.now().Add(time.Duration(n-rows)*time.Minute/4)))
		}
		r.ingest(batch)
	}
}

func (r *rig) ingest(list []activity.Activity) {
	r.tb.Helper()
	if _, err := r.store.Ingest(r.ctx, feed.Batch{Activities: list}); err != nil {
		r.tb.Fatal(err)
	}
}

// benchActivity is the nth activity of a feed of many claims.
func benchActivity(b *testing.B, n int, at time.Time) activity.Activity {
	b.Helper()
	claim := n * 7919 % 2000
	id := func(kind string, n int) string {
		sum := sha256.Sum256([]byte(kind + strconv.Itoa(n)))
		return uuid.Must(uuid.FromBytes(sum[:16])).String()
	}
	kinds := []struct {
		name activity.Type
		data string
	}{
		{activity.CallMade, `{"callLength":30}`},
		{activity.PayoffRequestCreated, `{}`},
		{activity.DocumentAdded, `{"description":"valuation report","documentUrl":"https://x.example/d"}`},
		{activity.DirectMessageAdded, `{"sentByLossExpress":true,"message":"Account number does not match the VIN at this lender. Please check it and send it again.","category":"GENERAL","actionRequired":true}`},
		{activity.PayoffDataAdded, `{"payoffAmount":10222.33,"perDiem":2.3,"validThroughDate":"2026-12-18"}`},
	}
	k := kinds[n%len(kinds)]
	raw := fmt.Sprintf(`{"activityId":%q,"createdAt":%q,"type":%q,"claimId":%q,"claimNumber":"EX-%d","data":%s}`,
		id("activity", n), at.UTC().Format("2006-01-02T15:04:05.000Z"), k.name, id("claim", claim), 10000+claim, k.data)
	a, err := activity.Decode(json.RawMessage(raw))
	if err != nil {
		b.Fatal(err)
	}
	return a
}
