package filing

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// Result is where one row of a source stands.
type Result struct {
	Row      Row
	Outcome  Outcome
	Problems []Problem // of the checks
	Entry    Entry     // of the ledger; of the id, which may have been sent with different content
	Known    bool      // the ledger has the id
}

// ResultOptions are those of the run whose results are shown.
type ResultOptions struct {
	Override bool
	Partial  bool
}

// Results gives, for each row of a source that can be read, what the checks and the ledger say of it, in the order of the
// source. It reads both as they are now, a page at a time. Files that cannot be read are in the survey.
func (e *Engine) Results(ctx context.Context, source Source, survey *Survey, o ResultOptions) iter.Seq2[Result, error] {
	return e.results(ctx, source, survey, o)
}

// resultPage is how many rows are looked up in the ledger at once.
const resultPage = 200

func (e *Engine) results(ctx context.Context, source Source, survey *Survey, o ResultOptions) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		page := make([]Row, 0, resultPage)
		flush := func() bool {
			ok := e.resultPage(ctx, page, survey, o, yield)
			page = page[:0]
			return ok
		}
		for row, err := range source.Rows(ctx) {
			if _, syntax := errors.AsType[*SyntaxError](err); syntax {
				continue
			}
			if err != nil {
				yield(Result{}, err)
				return
			}
			if page = append(page, row); len(page) == resultPage && !flush() {
				return
			}
		}
		flush()
	}
}

func (e *Engine) resultPage(ctx context.Context, page []Row, survey *Survey, o ResultOptions, yield func(Result, error) bool) bool {
	var ids []string
	for _, row := range page {
		if id := row.ID(); id != "" {
			ids = append(ids, id)
		}
	}
	known := make(map[string]Entry, len(ids))
	if len(ids) > 0 {
		entries, err := e.o.Ledger.Find(ctx, ids)
		if err != nil {
			yield(Result{}, fmt.Errorf("read the ledger of filings: %w", err))
			return false
		}
		for _, entry := range entries {
			known[entry.ID] = entry
		}
	}
	for _, row := range page {
		entry, ok := known[row.ID()]
		if ok && entry.State == Sending && !e.sends(entry.Holder) {
			entry = orphaned(entry, entry.SentAt)
		}
		if !yield(resultOf(row, entry, ok, survey, o), nil) {
			return false
		}
	}
	return true
}

func resultOf(row Row, entry Entry, known bool, survey *Survey, o ResultOptions) Result {
	r := Result{Row: row, Entry: entry, Known: known, Problems: survey.Check(row), Outcome: New}
	if known {
		r.Outcome = outcomeOf(row.Hash(), entry)
	}
	switch {
	case known && r.Outcome != New && r.Outcome != Changed && entry.Hash == row.Hash() && !survey.Repeats(row):
	case survey.Repeats(row):
		r.Outcome = Repeated
	case r.Outcome == Changed:
	case Blocks(r.Problems, o.Override):
		r.Outcome = Blocked
	case survey.Broken(row.File) && !o.Partial:
		r.Outcome = Held
	}
	return r
}

// FromLedger makes entries of the ledger results, for a list or an export without their files.
func FromLedger(entries iter.Seq2[Entry, error]) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		for e, err := range entries {
			if !yield(Result{Row: Row{File: e.File, Position: e.Position}, Outcome: Outcome(e.State), Entry: e, Known: true}, err) {
				return
			}
		}
	}
}

// Failures are the results that need a person.
func Failures(results iter.Seq2[Result, error]) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		for r, err := range results {
			if (err != nil || r.Outcome.Failed()) && !yield(r, err) {
				return
			}
		}
	}
}

// ID returns the transaction's id.
func (r Result) ID() string {
	if r.Known {
		return r.Entry.ID
	}
	return r.Row.ID()
}

// PolicyNumber returns the number of the policy.
func (r Result) PolicyNumber() string {
	if number := r.Row.PolicyNumber(); number != "" {
		return number
	}
	return r.Entry.PolicyNumber
}

// Reason says in words why the row stands where it does, and Fix what to do; either may be empty.
func (r Result) Reason() string {
	switch r.Outcome {
	case Blocked:
		var reasons []string
		for _, p := range r.Problems {
			if p.Level == Error {
				reasons = append(reasons, strings.TrimPrefix(p.Field+": "+p.Reason, ": "))
			}
		}
		return strings.Join(reasons, "; ")
	case Changed:
		return explainChanged(r.Row.Hash(), r.Entry)
	case Held:
		return "its file cannot be read to its end, so none of its rows are sent"
	case Repeated:
		return "the same row is there before; it is sent once"
	case Outcome(Rejected):
		m := Explain(r.Entry.Code)
		switch {
		case r.Entry.Code == "":
			return r.Entry.Message
		case r.Entry.Message == "":
			return fmt.Sprintf("%s: %s", r.Entry.Code, m.Name)
		}
		return fmt.Sprintf("%s (%s): %s", r.Entry.Code, m.Name, r.Entry.Message)
	case New, Busy:
		return ""
	}
	return r.Entry.Message
}

// Fix says what to do; empty when nothing is to be done.
func (r Result) Fix() string {
	switch r.Outcome {
	case Blocked:
		for _, p := range r.Problems {
			if p.Level == Error {
				return p.Fix
			}
		}
	case Held:
		return "correct the file, then submit it again"
	case Outcome(Rejected):
		if r.Entry.Code == "" {
			return "read the words of the service, correct the row, then submit it again"
		}
		return Explain(r.Entry.Code).Fix
	case Outcome(Unknown):
		return "submit it again: InsCipher answers 3001 for an id that it has, and then it counts as filed"
	case Changed:
		return "go back to what was sent, or ask for the change to be sent all the same"
	default:
	}
	return ""
}
