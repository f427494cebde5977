package lossexpress

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"claimdeck/sandbox/fault"
)

// window is what one request to the feed asks for.
type window struct {
	types         []string
	claimID       string
	cursor        *entry
	after, before time.Time // zero: no bound
	size, page    int
	values        url.Values // with the defaults filled in
}

// getActivities answers GET /activities (remote document: Fetch Activities).
func (s *Server) getActivities(r *request) reply {
	w, refused := s.parseWindow(r)
	if refused != nil {
		return *refused
	}
	rows := s.selectRows(w, r.b)
	total := len(rows)
	pages := (total + w.size - 1) / w.size
	rows = s.pageOf(rows, w, r.b)

	p := reply{Reply: fault.Reply{Status: http.StatusOK}, plain: true}
	address := s.options.PublicURL + r.http.URL.Path + "?" + w.values.Encode()
	p.Body = feedBody(address, rows, w, pages, total)
	if w.page+1 < pages {
		p.after = func() { s.betweenPages(w.page, r.b) }
	}
	return p
}

func feedBody(address string, rows []*entry, w window, pages, total int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"requestUrl":`)
	b.Write(fault.Encode(address))
	b.WriteString(`,"results":[`)
	for i, e := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(e.raw)
	}
	fmt.Fprintf(&b, `],"pagination":{"pageSize":%d,"page":%d,"totalPages":%d,"totalResults":%d}}`,
		w.size, w.page, pages, total)
	return b.Bytes()
}

// parseWindow validates the query. Parameters that the documents do not name are ignored.
func (s *Server) parseWindow(r *request) (window, *reply) {
	values := r.http.URL.Query()
	w := window{claimID: strings.ToLower(values.Get("claimId")), values: values}
	if list := values.Get("types"); list != "" && list != "all" {
		w.types = strings.Split(list, ",")
	}
	if refused := w.parsePaging(values, r.b); refused != nil {
		return w, refused
	}
	for name, bound := range map[string]*time.Time{"createdAfter": &w.after, "createdBefore": &w.before} {
		text := values.Get(name)
		if text == "" {
			continue
		}
		var err error
		if *bound, err = parseTime(text); err != nil {
			return w, badQuery(r.b, name, "must be a valid ISO 8601 date", "date", "isoDate")
		}
	}
	if refused := s.parseCursor(&w, values, r.b); refused != nil {
		return w, refused
	}
	w.fillDefaults(r)
	return w, nil
}

func (w *window) parsePaging(values url.Values, b Behaviour) *reply {
	limit := b.MaxPageSize
	if limit == 0 {
		limit = defaultMaxPageSize
	}
	w.size = min(defaultPageSize, limit)
	if text := values.Get("pageSize"); text != "" {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil:
			return badQuery(b, "pageSize", "must be a number", "number", "base")
		case n < 1:
			return badQuery(b, "pageSize", "must be larger than or equal to 1", "number", "min")
		case n > limit && !b.ClampPageSize:
			return badQuery(b, "pageSize", fmt.Sprintf("must be less than or equal to %d", limit), "number", "max")
		}
		w.size = min(n, limit)
	}
	if text := values.Get("pageNumber"); text != "" {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil:
			return badQuery(b, "pageNumber", "must be a number", "number", "base")
		case n < 0:
			return badQuery(b, "pageNumber", "must be larger than or equal to 0", "number", "min")
		}
		w.page = n
	}
	return nil
}

func (s *Server) parseCursor(w *window, values url.Values, b Behaviour) *reply {
	cursor := values.Get("activityId")
	if cursor == "" {
		return nil
	}
	if values.Get("createdBefore") != "" {
		return invalid(b, wrong{
			message: "value contains a conflict between exclusive peers [activityId, createdBefore]",
			typ:     "object", constraint: "xor",
		})
	}
	if b.RefuseCursor != 0 {
		p := failure(b.RefuseCursor, "Activity does not exist.")
		return &p
	}
	w.cursor = s.logIDs[strings.ToLower(cursor)]
	if w.cursor == nil {
		p := failure(http.StatusNotFound, "Activity does not exist.")
		return &p
	}
	return nil
}

// fillDefaults completes the window and the request URL, which "will allow you to perfectly replay the request".
func (w *window) fillDefaults(r *request) {
	if w.after.IsZero() && !r.b.NoDefaultAge && (w.cursor == nil || r.b.CursorKeepsDefaultAge) {
		base := r.now
		if r.b.DefaultAgeFromBefore && !w.before.IsZero() {
			base = w.before
		}
		w.after = base.Add(-defaultAge)
		w.values.Set("createdAfter", stamp(w.after))
	}
	if w.before.IsZero() && w.cursor == nil {
		w.values.Set("createdBefore", stamp(r.now))
	}
}

func badQuery(b Behaviour, name, message, typ, constraint string) *reply {
	return invalid(b, *rule{name: name}.fault(message, typ, constraint))
}

// selectRows returns the rows of the window in the order of the feed. The result is a copy when it is not the log's
// own order.
func (s *Server) selectRows(w window, b Behaviour) []*entry {
	rows := s.log
	if !w.after.IsZero() {
		rows = rows[firstFrom(rows, w.after, !b.CreatedAfterInclusive):]
	}
	if !w.before.IsZero() {
		rows = rows[:firstFrom(rows, w.before, b.CreatedBeforeInclusive)]
	}
	if w.cursor != nil {
		i, found := slices.BinarySearchFunc(rows, w.cursor, before)
		if found && b.CursorExclusive {
			i++
		}
		rows = rows[i:]
	}
	if w.types != nil || w.claimID != "" {
		var some []*entry
		for _, e := range rows {
			if (w.claimID == "" || e.claimID == w.claimID) && (w.types == nil || slices.Contains(w.types, e.kind)) {
				some = append(some, e)
			}
		}
		rows = some
	}
	return rows
}

// firstFrom is the index of the first row at t, or past it.
func firstFrom(rows []*entry, t time.Time, past bool) int {
	i, _ := slices.BinarySearchFunc(rows, t, func(e *entry, t time.Time) int {
		if c := e.at.Compare(t); c != 0 || !past {
			return c
		}
		return -1
	})
	return i
}

// pageOf cuts the page out, in the order and with the repetitions of the switches.
func (s *Server) pageOf(rows []*entry, w window, b Behaviour) []*entry {
	cut := func(page int) []*entry {
		from := min(page*w.size, len(rows))
		to := min(from+w.size, len(rows))
		if b.FeedOrder == FeedDescending {
			from, to = len(rows)-to, len(rows)-from
		}
		part := slices.Clone(rows[from:to])
		if b.FeedOrder == FeedDescending {
			slices.Reverse(part)
		}
		return part
	}
	page := cut(w.page)
	if b.DuplicateAcrossPages && w.page > 0 && len(page) > 0 {
		previous := cut(w.page - 1)
		page = slices.Insert(page, 0, previous[len(previous)-1])
	}
	if b.DuplicateRows {
		var twice []*entry
		for i, e := range page {
			twice = append(twice, e)
			if i%3 == 0 {
				twice = append(twice, e)
			}
		}
		page = twice
	}
	if b.FeedOrder == FeedShuffled {
		s.rng.Shuffle(len(page), func(i, j int) { page[i], page[j] = page[j], page[i] })
	}
	return page
}

// betweenPages lets the feed drift under a client that walks its pages.
func (s *Server) betweenPages(page int, b Behaviour) {
	if b.BetweenPages != nil {
		b.BetweenPages(page)
	}
	if !s.takeDrift() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.claims) > 0 {
		c := s.claims[s.rng.IntN(len(s.claims))]
		s.append(c, activityCall, object{"callLength": 1 + s.rng.IntN(40)}, s.now().Add(-b.DriftAge))
	}
}

// requestURL is the address of a request as the service repeats it.
func (s *Server) requestURL(r *request) string {
	u := s.options.PublicURL + r.http.URL.Path
	if r.http.URL.RawQuery != "" {
		u += "?" + r.http.URL.RawQuery
	}
	return u
}
