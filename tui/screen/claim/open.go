package claim

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/activityview"
	"claimdeck/tui/widget/claimview"
)

// orderStory is one order with its activities.
type orderStory struct {
	order claim.Order
	acts  []activity.Activity
}

// saved is a document on this computer.
type saved struct {
	path  string
	shown bool
	why   error // it could not be shown
}

// open shows the selected row in full; a document is fetched and shown.
func (s *Screen) open() (tea.Cmd, screen.Request) {
	if s.tab == claimview.Reserves {
		return nil, s.openReserves()
	}
	key, ok := s.current()
	if !ok {
		return nil, screen.Toast{Text: "There is nothing to open on this tab; " + s.env.Keys.Hint(keymap.ClaimTabNext) + " goes to the next one"}
	}
	switch s.tab {
	case claimview.Orders:
		return s.openOrder(key), nil
	case claimview.Documents:
		return s.openDocument(key)
	default:
		return s.readActivity(taskDetail, key), nil
	}
}

// raw shows the activity behind the selected row as the service sent it.
func (s *Screen) raw() (tea.Cmd, screen.Request) {
	key, ok := s.current()
	switch {
	case ok && (s.tab == claimview.Timeline || s.tab == claimview.Messages):
		return s.readActivity(taskRaw, key), nil
	default:
		return nil, screen.Toast{Text: "Raw JSON is of one activity: select it in the timeline, which " +
			s.env.Keys.Hint(keymap.ClaimTabNext) + " leads to"}
	}
}

func (s *Screen) readActivity(task, key string) tea.Cmd {
	var k activity.Key
	copy(k[:], key)
	return screen.Start(s.env.Tasks, screen.Claim, task, func(ctx context.Context) (activity.Activity, error) {
		return s.env.Store.Activity(ctx, k)
	})
}

// openOrder reads the activities of an order.
func (s *Screen) openOrder(id string) tea.Cmd {
	i := slices.IndexFunc(s.claim.Orders, func(o claim.Order) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	order, events := s.claim.Orders[i], s.claim.Timeline
	return screen.Start(s.env.Tasks, screen.Claim, taskOrder, func(ctx context.Context) (orderStory, error) {
		story := orderStory{order: order}
		for _, e := range events {
			a, about, err := s.aboutOrder(ctx, e, id)
			if err != nil {
				return story, err
			}
			if about {
				story.acts = append(story.acts, a)
			}
		}
		return story, nil
	})
}

// aboutOrder returns the activity of an event that names the order: one, as the others tell the same fact.
func (s *Screen) aboutOrder(ctx context.Context, e claim.Event, id string) (activity.Activity, bool, error) {
	for _, key := range append([]activity.Key{e.Key}, e.Also...) {
		a, err := s.env.Store.Activity(ctx, key)
		if err != nil {
			return a, false, err
		}
		if activityview.About(a, id) {
			return a, true, nil
		}
	}
	return activity.Activity{}, false, nil
}

func (s *Screen) tookOrder(msg screen.Result[orderStory]) screen.Request {
	switch {
	case errors.Is(msg.Err, context.Canceled):
		return nil
	case msg.Err != nil:
		return screen.Toast{Tone: screen.Bad, Text: "The story of this order could not be read: " + msg.Err.Error()}
	}
	story := msg.Value
	return screen.Detail{
		Title: "Order  " + s.on.Number,
		Lines: func(w int) []string { return activityview.In(s.env).Order(story.order, story.acts, w) },
	}
}

// openDocument fetches a document, and shows it where there is a program to do so.
func (s *Screen) openDocument(id string) (tea.Cmd, screen.Request) {
	i := slices.IndexFunc(s.claim.Documents, func(d claim.Document) bool { return d.ID == id })
	if i < 0 {
		return nil, nil
	}
	if s.env.Download == nil {
		return nil, screen.Toast{Text: "Documents cannot be fetched here"}
	}
	name := claimview.DocumentName(s.claim.Documents[i])
	file := s.on.Number + " " + name
	cmd := screen.Start(s.env.Tasks, screen.Claim, taskDocument, func(ctx context.Context) (saved, error) {
		path, err := s.env.Download(ctx, id, file)
		if err != nil || s.env.OpenFile == nil {
			return saved{path: path}, err
		}
		err = s.env.OpenFile(ctx, path)
		return saved{path: path, shown: err == nil, why: err}, nil
	})
	s.loading = "Fetching the " + name
	return cmd, nil
}

func (s *Screen) tookDocument(msg screen.Result[saved]) screen.Request {
	s.loading = ""
	switch v := msg.Value; {
	case errors.Is(msg.Err, context.Canceled):
		return nil
	case msg.Err != nil:
		return screen.Toast{Tone: screen.Bad, Text: "The document could not be fetched: " + msg.Err.Error()}
	case v.why != nil:
		return screen.Toast{Tone: screen.Warn, Text: "Saved " + where(v.path) + ", but it could not be shown: " + v.why.Error()}
	case v.shown:
		return screen.Toast{Tone: screen.Good, Text: "Opened " + where(v.path)}
	default:
		return screen.Toast{Tone: screen.Good, Text: "Saved " + where(v.path)}
	}
}

// where names a file before its folder: the name is what must not be cut.
func where(path string) string { return filepath.Base(path) + " in " + filepath.Dir(path) }
