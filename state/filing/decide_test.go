package filing

import (
	"testing"
	"time"
)

func at() time.Time { return time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC) }

// The whole table of decisions: what the ledger says of the id, and whether the row has the same content ("h").
func TestDecide(t *testing.T) {
	t.Parallel()
	earlier := func(hash string, s State) *Version { return &Version{Hash: hash, State: s} }
	cases := map[string]struct {
		prev    Entry // without a state: not known
		changed bool
		doubts  bool
		send    bool
		outcome Outcome
		doubt   bool   // of the entry that is sent
		earlier string // its earlier version
	}{
		"never seen":                      {send: true, outcome: Outcome(Sending)},
		"never seen, only doubts":         {doubts: true, outcome: New},
		"accepted":                        {prev: Entry{State: Accepted, Hash: "h"}, changed: true, outcome: Outcome(Accepted)},
		"accepted, changed":               {prev: Entry{State: Accepted, Hash: "x"}, outcome: Changed},
		"accepted, changed and asked":     {prev: Entry{State: Accepted, Hash: "x"}, changed: true, send: true, outcome: Outcome(Sending), earlier: "x"},
		"queued":                          {prev: Entry{State: Queued, Hash: "h"}, changed: true, outcome: Outcome(Queued)},
		"queued, changed and asked":       {prev: Entry{State: Queued, Hash: "x"}, changed: true, outcome: Changed},
		"rejected":                        {prev: Entry{State: Rejected, Hash: "h"}, send: true, outcome: Outcome(Sending)},
		"rejected, corrected":             {prev: Entry{State: Rejected, Hash: "x"}, send: true, outcome: Outcome(Sending)},
		"rejected, only doubts":           {prev: Entry{State: Rejected, Hash: "h"}, doubts: true, outcome: Outcome(Rejected)},
		"rejected, keeps the earlier":     {prev: Entry{State: Rejected, Hash: "h", Earlier: earlier("x", Unknown)}, send: true, outcome: Outcome(Sending), earlier: "x"},
		"rejected, back to the earlier":   {prev: Entry{State: Rejected, Hash: "x", Earlier: earlier("h", Unknown)}, send: true, outcome: Outcome(Sending), doubt: true},
		"unknown":                         {prev: Entry{State: Unknown, Hash: "h", Doubt: true}, send: true, outcome: Outcome(Sending), doubt: true},
		"unknown, only doubts":            {prev: Entry{State: Unknown, Hash: "h", Doubt: true}, doubts: true, send: true, outcome: Outcome(Sending), doubt: true},
		"unknown, changed":                {prev: Entry{State: Unknown, Hash: "x", Doubt: true}, outcome: Changed},
		"unknown, changed, only doubts":   {prev: Entry{State: Unknown, Hash: "x", Doubt: true}, changed: true, doubts: true, outcome: Changed},
		"unknown, changed and asked":      {prev: Entry{State: Unknown, Hash: "x", Doubt: true}, changed: true, send: true, outcome: Outcome(Sending), earlier: "x"},
		"a third version":                 {prev: Entry{State: Unknown, Hash: "x", Doubt: true, Earlier: earlier("y", Unknown)}, changed: true, outcome: Changed},
		"unknown, keeps the earlier":      {prev: Entry{State: Unknown, Hash: "h", Doubt: true, Earlier: earlier("x", Accepted)}, send: true, outcome: Outcome(Sending), doubt: true, earlier: "x"},
		"sent by somebody alive":          {prev: Entry{State: Sending, Hash: "h", Holder: "alive"}, outcome: Busy},
		"sent by somebody dead":           {prev: Entry{State: Sending, Hash: "h", Holder: "dead"}, send: true, outcome: Outcome(Sending), doubt: true},
		"sent by us and never written":    {prev: Entry{State: Sending, Hash: "h", Holder: "us"}, send: true, outcome: Outcome(Sending), doubt: true},
		"sent by somebody dead, changed":  {prev: Entry{State: Sending, Hash: "x", Holder: "dead"}, outcome: Changed},
		"dead, with an accepted earlier":  {prev: Entry{State: Sending, Hash: "h", Holder: "dead", Earlier: earlier("x", Accepted)}, send: true, outcome: Outcome(Sending), doubt: true, earlier: "x"},
		"dead, changed again, and asked":  {prev: Entry{State: Sending, Hash: "y", Holder: "dead", Earlier: earlier("x", Accepted)}, changed: true, outcome: Changed},
		"back to an accepted earlier one": {prev: Entry{State: Rejected, Hash: "x", Earlier: earlier("h", Accepted)}, send: true, outcome: Outcome(Sending), doubt: true},
	}
	for name, c := range cases {
		rules := terms{now: at(), holder: "us", alive: func(holder string) bool { return holder == "alive" }, changed: c.changed, doubts: c.doubts}
		c.prev.ID, c.prev.Attempts = "id", 3
		v := rules.decide(item{id: "id", hash: "h"}, c.prev, c.prev.State != "")
		if v.send != c.send || v.outcome != c.outcome {
			t.Errorf("%s: send %t, %s", name, v.send, v.outcome)
		}
		if v.outcome == Changed && v.why == "" && !c.doubts {
			t.Errorf("%s is not explained", name)
		}
		if !v.send {
			continue
		}
		got := ""
		if v.next.Earlier != nil {
			got = v.next.Earlier.Hash
		}
		if v.next.Doubt != c.doubt || got != c.earlier || v.next.State != Sending || v.next.Hash != "h" || v.next.Holder != "us" {
			t.Errorf("%s: %+v, earlier %q", name, v.next, got)
		}
		if known := c.prev.State != ""; known && (v.next.Before == nil || v.next.Before.State == Sending || v.next.Attempts != 4) || !known && v.next.Before != nil {
			t.Errorf("%s: before %+v", name, v.next.Before)
		}
	}
}

// What an answer makes of an entry, by what was sent under the id before.
func TestAnswered(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		doubt   bool
		earlier State // empty: none
		code    string
		state   State
		hash    string
	}{
		"taken":                                  {code: "0", state: Accepted, hash: "new"},
		"taken after all":                        {doubt: true, code: "0", state: Accepted, hash: "new"},
		"the change was taken":                   {earlier: Accepted, code: "0", state: Accepted, hash: "new"},
		"refused":                                {code: "1002", state: Rejected, hash: "new"},
		"refused after a doubt":                  {doubt: true, code: "1002", state: Rejected, hash: "new"},
		"a refused change leaves what is filed":  {earlier: Accepted, code: "1002", state: Accepted, hash: "old"},
		"a refused change of what is in doubt":   {earlier: Unknown, code: "1002", state: Rejected, hash: "new"},
		"somebody else's":                        {code: "3001", state: Rejected, hash: "new"},
		"ours":                                   {doubt: true, code: "3001", state: Accepted, hash: "new"},
		"the earlier one was there":              {earlier: Unknown, code: "3001", state: Accepted, hash: "old"},
		"the filed one stays":                    {earlier: Accepted, code: "3001", state: Accepted, hash: "old"},
		"the filed one stays, whatever was sent": {doubt: true, earlier: Accepted, code: "3001", state: Accepted, hash: "old"},
		"one of two, nobody knows which":         {doubt: true, earlier: Unknown, code: "3001", state: Rejected, hash: "new"},
		"a code that nobody knows":               {code: "77", state: Rejected, hash: "new"},
	}
	for name, c := range cases {
		e := Entry{ID: "id", Hash: "new", State: Sending, Holder: "us", Doubt: c.doubt, Before: &Entry{}, Attempts: 2}
		if c.earlier != "" {
			e.Earlier = &Version{Hash: "old", State: c.earlier, BatchID: "first"}
		}
		got := answered(e, RowAnswer{ID: "id", Code: c.code, Message: "words"}, "batch", at())
		if got.State != c.state || got.Hash != c.hash || got.Before != nil || got.Holder != "" || got.Message == "" {
			t.Errorf("%s: %+v", name, got)
		}
		if got.Hash == "old" && (got.BatchID != "first" || got.Earlier != nil) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
