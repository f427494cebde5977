package lossexpress

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// feedBench has five activities: a0 at 10:00, a1 and a2 at 10:01 (one millisecond), a3 at 10:02, a4 at 10:03; it is
// 10:04. The letters of want below are their numbers.
func feedBench(t *testing.T, b Behaviour) (*bench, []string) {
	t.Helper()
	s := newBench(t, b)
	base := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	s.clock.at = base.Add(4 * time.Minute)
	for i, minute := range []int{0, 1, 1, 2, 3} {
		s.EmitAt(base.Add(time.Duration(minute)*time.Minute), fmt.Sprintf("c%d", i%2), fmt.Sprintf("t%d", i), nil)
	}
	var ids []string
	for _, a := range decodeAll(t, s.Truth()) {
		ids = append(ids, a.ActivityID)
	}
	return s, ids
}

type page struct {
	RequestURL string
	Results    []activity
	Pagination struct{ PageSize, Page, TotalPages, TotalResults int }
}

// read returns a page and the numbers of its rows.
func (b *bench) read(ids []string, query string) (page, string) {
	b.t.Helper()
	var p page
	b.good("GET", "/activities?"+query, "").into(b.t, &p)
	var rows []string
	for _, a := range p.Results {
		rows = append(rows, fmt.Sprint(slices.Index(ids, a.ActivityID)))
	}
	return p, strings.Join(rows, "")
}

func TestFeedWindow(t *testing.T) {
	t.Parallel()
	const at1 = "2026-11-20T10:01:00.000Z"
	tests := []struct {
		name, query string
		behaviour   Behaviour
		want        string
	}{
		{"all", "", Behaviour{}, "01234"},
		{"descending", "", Behaviour{FeedOrder: FeedDescending}, "43210"},
		{"descending page", "pageSize=2&pageNumber=1", Behaviour{FeedOrder: FeedDescending}, "21"},
		{"descending last page", "pageSize=2&pageNumber=2", Behaviour{FeedOrder: FeedDescending}, "0"},
		{"page", "pageSize=2&pageNumber=1", Behaviour{}, "23"},
		{"behind the end", "pageSize=2&pageNumber=9", Behaviour{}, ""},
		{"after", "createdAfter=" + at1, Behaviour{}, "34"},
		{"after, inclusive", "createdAfter=" + at1, Behaviour{CreatedAfterInclusive: true}, "1234"},
		{"before", "createdBefore=" + at1, Behaviour{}, "0"},
		{"before, inclusive", "createdBefore=" + at1, Behaviour{CreatedBeforeInclusive: true}, "012"},
		{"date", "createdAfter=2026-11-20", Behaviour{}, "01234"},
		{"type list", "types=t0,t3", Behaviour{}, "03"},
		{"all types", "types=all", Behaviour{}, "01234"},
		{"claim", "claimId=c1", Behaviour{}, "13"},
		{"claim and type", "claimId=c1&types=t3", Behaviour{}, "3"},
		{"repeated in a page", "", Behaviour{DuplicateRows: true}, "0012334"},
		{"repeated over pages", "pageSize=2&pageNumber=1", Behaviour{DuplicateAcrossPages: true}, "123"},
		{"repeated over pages, descending", "pageSize=2&pageNumber=1", Behaviour{DuplicateAcrossPages: true, FeedOrder: FeedDescending}, "321"},
		{"smaller maximum", "", Behaviour{MaxPageSize: 3}, "012"},
		{"clamped", "pageSize=400", Behaviour{MaxPageSize: 2, ClampPageSize: true}, "01"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b, ids := feedBench(t, test.behaviour)
			p, got := b.read(ids, test.query)
			// The types of rows 1 and 2, of one millisecond, are in the order of their ids.
			if strings.Contains(test.name, "type") || strings.Contains(test.name, "claim") {
				got = rowTypes(p)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// rowTypes are the digits of the types of a page's rows.
func rowTypes(p page) string {
	var b strings.Builder
	for _, a := range p.Results {
		b.WriteString(strings.TrimPrefix(a.Type, "t"))
	}
	digits := []byte(b.String())
	slices.Sort(digits)
	return string(digits)
}

func TestFeedCursor(t *testing.T) {
	t.Parallel()
	b, ids := feedBench(t, Behaviour{})
	for i, want := range []string{"01234", "1234", "234", "34", "4"} {
		if _, got := b.read(ids, "activityId="+ids[i]); got != want {
			t.Errorf("inclusive from %d: got %s, want %s", i, got, want)
		}
	}
	b.Change(func(b *Behaviour) { b.CursorExclusive = true })
	if _, got := b.read(ids, "activityId="+ids[1]); got != "234" {
		t.Errorf("exclusive from 1: got %s", got)
	}
	b.clock.forward(time.Hour)
	if _, got := b.read(ids, "activityId="+ids[1]); got != "234" {
		t.Errorf("an hour later: got %s", got)
	}
	b.Change(func(b *Behaviour) { b.CursorKeepsDefaultAge = true })
	if _, got := b.read(ids, "activityId="+ids[1]); got != "" {
		t.Errorf("with the default age: got %s", got)
	}
	for _, status := range []int{400, 404} {
		b.Change(func(b *Behaviour) { b.RefuseCursor = status })
		if a := b.do("GET", "/activities?activityId="+ids[0], ""); a.status != status {
			t.Errorf("refused cursor: got %d, want %d", a.status, status)
		}
	}
}

func TestFeedDefaultAge(t *testing.T) {
	t.Parallel()
	b, ids := feedBench(t, Behaviour{})
	b.clock.forward(28 * time.Minute) // 10:32: the 30 minutes begin at 10:02
	tests := []struct {
		name, query string
		behaviour   Behaviour
		want        string
	}{
		{"from now", "", Behaviour{}, "4"},
		{"none", "", Behaviour{NoDefaultAge: true}, "01234"},
		{"from before", "createdBefore=2026-11-20T10:31:30Z", Behaviour{DefaultAgeFromBefore: true}, "34"},
		{"from now in spite of before", "createdBefore=2026-11-20T10:31:30Z", Behaviour{}, "4"},
	}
	for _, test := range tests {
		b.Change(func(b *Behaviour) { *b = test.behaviour })
		if _, got := b.read(ids, test.query); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestFeedAnswer(t *testing.T) {
	t.Parallel()
	b, ids := feedBench(t, Behaviour{})
	p, _ := b.read(ids, "pageSize=2&pageNumber=1")
	if p.Pagination.PageSize != 2 || p.Pagination.Page != 1 || p.Pagination.TotalPages != 3 || p.Pagination.TotalResults != 5 {
		t.Errorf("pagination: %+v", p.Pagination)
	}
	u, err := url.Parse(p.RequestURL)
	if err != nil || u.Host != "xapi.lossexpress.com" {
		t.Fatalf("request URL %q: %v", p.RequestURL, err)
	}
	want := "createdAfter=2026-11-20T09%3A34%3A00.000Z&createdBefore=2026-11-20T10%3A04%3A00.000Z&pageNumber=1&pageSize=2"
	if u.RawQuery != want {
		t.Errorf("request URL: got %s, want %s", u.RawQuery, want)
	}
	if replay, _ := b.read(ids, u.RawQuery); len(replay.Results) != 2 {
		t.Errorf("the request URL replays %d rows", len(replay.Results))
	}
	raw := b.good("GET", "/activities", "").body
	for _, row := range b.Truth() {
		if !strings.Contains(raw, string(row)) {
			t.Errorf("the feed does not send the row of Truth: %s", row)
		}
	}
}

func TestFeedShuffled(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{FeedOrder: FeedShuffled})
	for range 40 {
		b.Emit("c", "t", nil)
	}
	truth := decodeAll(t, b.Truth())
	seen := map[string]bool{}
	sorted := true
	for n := range 4 {
		p, _ := b.read(nil, fmt.Sprintf("pageSize=10&pageNumber=%d", n))
		for i, a := range p.Results {
			seen[a.ActivityID] = true
			sorted = sorted && a.ActivityID == truth[n*10+i].ActivityID
			if !slices.ContainsFunc(truth[n*10:n*10+10], func(b activity) bool { return b.ActivityID == a.ActivityID }) {
				t.Errorf("page %d has a row of another page", n)
			}
		}
	}
	if sorted || len(seen) != 40 {
		t.Errorf("sorted %t, %d rows of 40", sorted, len(seen))
	}
}

func TestPageDrift(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{PageDrift: 2, DriftAge: time.Minute})
	id := b.AddClaim(ClaimSeed{CreatedAt: b.clock.Now().Add(-2 * time.Minute)})
	for range 5 {
		b.EmitAt(b.clock.Now().Add(-30*time.Second), id, "t", nil)
	}
	var walked []int
	b.Change(func(s *Behaviour) {
		s.BetweenPages = func(page int) { walked = append(walked, page); b.Emit(id, "hook", nil) }
	})
	for n := range 4 {
		b.read(nil, fmt.Sprintf("pageSize=2&pageNumber=%d&createdBefore=2026-11-20T14:59:59Z", n))
	}
	if len(walked) < 3 || walked[0] != 0 || b.count(id, "hook") != len(walked) {
		t.Errorf("hook was called for %v", walked)
	}
	if n := b.count(id, "call-made"); n != 2 || b.Behaviour().PageDrift != 0 {
		t.Errorf("%d activities drifted in, %d left", n, b.Behaviour().PageDrift)
	}
	if got := b.last(id, "call-made").CreatedAt; got != "2026-11-20T14:59:00.000Z" {
		t.Errorf("drifted in at %s", got)
	}
}

func TestClockGranularity(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{ClockGranularity: time.Second})
	for range 3 {
		b.clock.forward(123456 * time.Microsecond)
		b.Emit("c", "t", nil)
	}
	for _, a := range decodeAll(t, b.Truth()) {
		if a.CreatedAt != "2026-11-20T15:00:00.000Z" {
			t.Errorf("created at %s", a.CreatedAt)
		}
	}
}

func TestEmit(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{ClaimNumber: "EX-7"})
	late := b.EmitAt(b.clock.Now().Add(-time.Hour), id, "call-made", object{"callLength": 3})
	if got := string(b.Truth()[0]); got != string(late) {
		t.Errorf("the late row is not the first: %s", got)
	}
	if got := b.last(id, "call-made"); got.ClaimNumber != "EX-7" || got.Data["callLength"] != 3.0 || got.CreatedAt != "2026-11-20T14:00:00.000Z" {
		t.Errorf("emitted %+v", got)
	}
	if raw := string(b.Emit(id, "x", object{"html": "<&>\u00e9"})); !strings.Contains(raw, `"<&>é"`) {
		t.Errorf("escaped like Go, not like the service: %s", raw)
	}
}
