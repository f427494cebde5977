package filings

import (
	"context"
	"errors"
	"maps"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/filings"
	"claimdeck/state/filing"
	"claimdeck/state/text"
	"claimdeck/tui/screen"
)

// meter brings the latest value of a stream to the event loop; what nobody took in time is replaced.
type meter[T any] struct{ ch chan T }

func newMeter[T any]() *meter[T] { return &meter[T]{make(chan T, 1)} }

// put never blocks. It has one caller at a time.
func (m *meter[T]) put(v T) {
	for {
		select {
		case m.ch <- v:
			return
		default:
		}
		select {
		case <-m.ch:
		default:
		}
	}
}

// close says that nothing more comes.
func (m *meter[T]) close() { close(m.ch) }

// metered is one value; without more it was the last.
type metered[T any] struct {
	value T
	more  bool
}

// listen waits for the next value of a meter.
func listen[T any](env *screen.Env, task string, m *meter[T]) tea.Cmd {
	return screen.Start(env.Tasks, screen.Filings, task, func(ctx context.Context) (metered[T], error) {
		select {
		case v, ok := <-m.ch:
			return metered[T]{v, ok}, nil
		case <-ctx.Done():
			return metered[T]{}, ctx.Err()
		}
	})
}

// later comes after the pause between two draws of progress.
func later(name string) tea.Cmd {
	t := screen.Tick{To: screen.Filings, Name: name}
	return tea.Tick(drawEvery, func(time.Time) tea.Msg { return t })
}

// run is work at InsCipher that is under way.
type run struct {
	name     string // "Submitting"
	progress filing.Progress
	told     bool // there was progress
	meter    *meter[filing.Progress]
	stop     context.CancelFunc
	stopping bool
}

// ended is the end of a run.
type ended struct {
	report filing.Report
	poll   *filing.PollReport
}

// begin starts a run.
func (s *Screen) begin(name string, work func(ctx context.Context, told func(filing.Progress)) (ended, error)) tea.Cmd {
	m := newMeter[filing.Progress]()
	asked, stop := context.WithCancel(context.Background())
	s.run = &run{name: name, meter: m, stop: stop}
	s.trouble = nil
	task := screen.Start(s.env.Tasks, screen.Filings, taskRun, func(ctx context.Context) (ended, error) {
		defer m.close()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(asked, cancel)()
		return work(ctx, m.put)
	})
	return tea.Batch(task, listen(s.env, taskRunning, m))
}

// patience is how long a run waits for queued batches: a person waits no longer, and may ask later.
const patience = time.Minute

func (s *Screen) submit(c filings.Choice, again bool) tea.Cmd {
	desk, book, name := s.env.Filings, s.book, "Submitting"
	do := desk.Submit
	if again {
		do, name = desk.Retry, "Retrying"
	}
	return s.begin(name, func(ctx context.Context, told func(filing.Progress)) (ended, error) {
		report, err := do(ctx, book, filing.SubmitOptions{
			Override: c.Override, Changed: c.Changed, Partial: c.Partial, Patience: patience, Progress: told,
		})
		return ended{report: report}, err
	})
}

// poll asks for the results of queued batches.
func (s *Screen) poll() tea.Cmd {
	desk := s.env.Filings
	return s.begin("Asking for results", func(ctx context.Context, _ func(filing.Progress)) (ended, error) {
		report, err := desk.Poll(ctx)
		return ended{poll: &report}, err
	})
}

// tookProgress shows how far a run is, and what became of the rows on screen.
func (s *Screen) tookProgress(msg screen.Result[metered[filing.Progress]]) tea.Cmd {
	if msg.Err != nil || s.run == nil || !msg.Value.more {
		return nil
	}
	s.run.progress, s.run.told = msg.Value.value, true
	return tea.Batch(s.stand(), later(tickMeter))
}

// stand asks the ledger about the rows on screen.
func (s *Screen) stand() tea.Cmd {
	if s.env.Tasks.Under(screen.Filings, taskStand) {
		return nil
	}
	desk, book, indexes := s.env.Filings, s.book, s.shown()
	return screen.Start(s.env.Tasks, screen.Filings, taskStand, func(ctx context.Context) (standing, error) {
		rows, err := desk.Standing(ctx, book, indexes)
		return standing{book, rows}, err
	})
}

// standing is what the ledger says of some rows.
type standing struct {
	book *filings.Book
	rows map[int]filings.Row
}

func (s *Screen) tookStanding(msg screen.Result[standing]) {
	if msg.Err != nil || msg.Value.book != s.book || s.run == nil {
		return
	}
	maps.Copy(s.live, msg.Value.rows)
}

// tookEnd says what a run came to, and reads the results of all rows.
func (s *Screen) tookEnd(msg screen.Result[ended]) (tea.Cmd, screen.Request) {
	was := s.run
	s.run = nil
	if was != nil {
		was.stop()
	}
	again := s.read(s.book.Paths, false)
	said := s.end(msg, was != nil && was.stopping)
	if said.Text == "" {
		return again, nil
	}
	return again, screen.Several{screen.Close{}, said} // nobody needs to be asked any more whether to stop
}

// end says how a run ended.
func (s *Screen) end(msg screen.Result[ended], stopped bool) screen.Toast {
	switch {
	case stopped:
		return screen.Toast{Tone: screen.Info, Text: "Stopped; nothing is lost: submitting again goes on where this ended"}
	case errors.Is(msg.Err, context.Canceled):
		return screen.Toast{}
	case msg.Err != nil:
		s.trouble = &failure{words: text.Line(msg.Err.Error()), at: s.env.At, signIn: errors.Is(msg.Err, filing.ErrSignIn)}
		return screen.Toast{Tone: screen.Bad, Text: "Not all was sent: " + s.trouble.words}
	case msg.Value.poll != nil:
		return screen.Toast{Tone: screen.Info, Text: polled(*msg.Value.poll)}
	}
	tone := screen.Good
	if n := msg.Value.report.Counts[filing.Outcome(filing.Unknown)]; n > 0 {
		s.trouble = &failure{words: plural(n, "row") + " went out and had no answer from InsCipher. Sending them again files none twice.", at: s.env.At, retry: true}
	}
	if msg.Value.report.Failed() > 0 {
		tone = screen.Warn
	}
	return screen.Toast{Tone: tone, Text: reported(msg.Value.report)}
}

// reported is what became of the rows, in words.
func reported(r filing.Report) string {
	words := "Sent " + plural(r.Sent, "row")
	if r.Sent == 0 {
		words = "Nothing was sent"
	}
	return words + ": " + outcomes(r.Counts)
}

func polled(r filing.PollReport) string {
	n := 0
	for _, count := range r.Settled {
		n += count
	}
	switch {
	case n == 0 && r.Waiting == 0:
		return "No batch waits for its result"
	case n == 0:
		return "No result yet: " + plural(r.Waiting, "batch") + " still at work at InsCipher"
	}
	return plural(n, "result") + ": " + outcomes(r.Settled)
}

// outcomes lists counts in words, what needs a person first.
func outcomes(counts map[filing.Outcome]int) string {
	words := ""
	for _, o := range filing.Outcomes() {
		n := counts[o]
		if n == 0 {
			continue
		}
		if words != "" {
			words += ", "
		}
		words += screen.Count(n) + " " + named(o)
	}
	if words == "" {
		return "nothing"
	}
	return words
}

// named is an outcome as people call it.
func named(o filing.Outcome) string {
	switch o {
	case filing.Blocked:
		return "held back by errors"
	case filing.Outcome(filing.Unknown):
		return "without an answer"
	case filing.Changed:
		return "changed since they were filed"
	case filing.Held:
		return "held back with their file"
	case filing.New:
		return "not sent"
	case filing.Repeated:
		return "there twice"
	default:
		return string(o)
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if what == "batch" {
		return screen.Count(n) + " batches"
	}
	return screen.Count(n) + " " + what + "s"
}
