package filing

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
)

// FileSummary is one file of a source.
type FileSummary struct {
	Name    string
	Rows    int
	Problem *SyntaxError // the first that was found; nil: the file could be read
}

// Survey is what can only be said of a source as a whole: its size, the files that cannot be read, and the ids that are
// there more than once. It costs 16 bytes a row while it is taken, and nothing a row afterwards.
type Survey struct {
	Rows  int
	Files []FileSummary

	repeats map[string]*repeat
	broken  map[string]bool
}

// repeat is an id that is there more than once.
type repeat struct {
	places []place // the first ones
	count  int
	same   bool // all have the same content
}

type place struct {
	file string
	at   Position
	hash string
}

// maxPlaces is how many places of one id are remembered.
const maxPlaces = 8

// maxRepeats is how many repeated ids are remembered: beyond that the source is one mistake as a whole.
const maxRepeats = 100_000

// TakeSurvey reads a source from end to end. The error is that of ctx, or a source's that is no *SyntaxError.
func TakeSurvey(ctx context.Context, source Source) (*Survey, error) {
	s := &Survey{repeats: map[string]*repeat{}, broken: map[string]bool{}}
	var digests [][16]byte
	for r, err := range source.Rows(ctx) {
		f := s.file(r.File)
		if err != nil {
			e, ok := errors.AsType[*SyntaxError](err)
			if !ok {
				return nil, err
			}
			f = s.file(e.File)
			f.Problem = cmp.Or(f.Problem, e)
			s.broken[e.File] = true
			continue
		}
		f.Rows++
		s.Rows++
		if id := r.ID(); id != "" {
			digests = append(digests, digest(id))
		}
	}
	twice := repeated(digests)
	if len(twice) == 0 {
		return s, nil
	}
	return s, s.place(ctx, source, twice)
}

// file returns the summary of the file that is read at the moment, or of one before.
func (s *Survey) file(name string) *FileSummary {
	for i := len(s.Files) - 1; i >= 0; i-- {
		if s.Files[i].Name == name {
			return &s.Files[i]
		}
	}
	s.Files = append(s.Files, FileSummary{Name: name})
	return &s.Files[len(s.Files)-1]
}

func digest(id string) [16]byte {
	sum := sha256.Sum256([]byte(id))
	return [16]byte(sum[:16])
}

// repeated returns the digests that are there more than once.
func repeated(digests [][16]byte) map[[16]byte]bool {
	slices.SortFunc(digests, func(x, y [16]byte) int { return slices.Compare(x[:], y[:]) })
	twice := map[[16]byte]bool{}
	for i := 1; i < len(digests) && len(twice) < maxRepeats; i++ {
		if digests[i] == digests[i-1] {
			twice[digests[i]] = true
		}
	}
	return twice
}

// place reads the source once more to say where the repeated ids are.
func (s *Survey) place(ctx context.Context, source Source, twice map[[16]byte]bool) error {
	for r, err := range source.Rows(ctx) {
		if err != nil {
			if _, ok := errors.AsType[*SyntaxError](err); ok {
				continue
			}
			return err
		}
		id := r.ID()
		if id == "" || !twice[digest(id)] {
			continue
		}
		p := place{file: r.File, at: r.Position, hash: r.Hash()}
		n := s.repeats[id]
		if n == nil {
			n = &repeat{same: true}
			s.repeats[id] = n
		}
		n.count++
		n.same = n.same && (len(n.places) == 0 || n.places[0].hash == p.hash)
		if len(n.places) < maxPlaces {
			n.places = append(n.places, p)
		}
	}
	return nil
}

// Broken reports whether a file of the source cannot be read to its end.
func (s *Survey) Broken(file string) bool { return s.broken[file] }

// Check returns what is wrong with a row of the source: Check, and whether its id is there again. An id with different
// content blocks all its rows, and no one can override it: which of them is meant only a person can say.
func (s *Survey) Check(r Row) []Problem {
	problems := Check(r)
	n := s.repeats[r.ID()]
	if n == nil {
		return problems
	}
	other := n.other(r)
	switch {
	case !n.same:
		p := Problem{
			Rule: "duplicate", Field: fieldID, Level: Error, Value: shown(r.ID()),
			Reason: fmt.Sprintf("the id is there %d times with different content, also at %s", n.count, where(other.file, other.at)),
			Fix:    "give each transaction an id of its own, or remove the rows that are not meant",
		}
		return slices.Insert(problems, 0, p)
	case s.Repeats(r):
		return append(problems, Problem{
			Rule: "duplicate", Field: fieldID, Level: Warning, Value: shown(r.ID()), Override: true,
			Reason: fmt.Sprintf("the same row is at %s; it is sent once", where(other.file, other.at)), Fix: "remove one of the two",
		})
	}
	return problems
}

// Repeats reports whether a row is there before with the same content.
func (s *Survey) Repeats(r Row) bool {
	n := s.repeats[r.ID()]
	return n != nil && n.same && !n.places[0].is(r)
}

func (p place) is(r Row) bool { return p.file == r.File && p.at == r.Position }

// other is a place of the id that is not that of r.
func (n *repeat) other(r Row) place {
	i := slices.IndexFunc(n.places, func(p place) bool { return !p.is(r) })
	return n.places[max(i, 0)]
}
