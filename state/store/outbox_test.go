package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"claimdeck/state/activity"
	"claimdeck/state/outbox"
	"claimdeck/state/store"
)

func entry(n int) outbox.Entry {
	return outbox.Entry{
		ID: fmt.Sprintf("0197-%04d", n), Action: "order.create", ClaimID: "claim", ClaimNumber: "EX-1", Title: "Order Copy of Title",
		Input: json.RawMessage(`{"types":["Copy of Title"]}`), Origin: "console", State: outbox.Held,
		CreatedAt: clock().Add(time.Duration(n) * time.Second), HoldUntil: clock().Add(5*time.Second + 17*time.Nanosecond),
	}
}

func insert(t *testing.T, s *store.Store, list ...outbox.Entry) {
	t.Helper()
	for _, e := range list {
		if err := s.Insert(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAWriteIsKeptWhole(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := openStore(t, path)
	bare := outbox.Entry{ID: "bare", State: outbox.Held, CreatedAt: clock()}
	full := entry(1)
	full.State, full.SentAt, full.AnsweredAt, full.SettledAt = outbox.Unknown, clock(), clock().Add(1), clock().Add(2)
	full.Attempts, full.Holder, full.Baseline, full.Checked = 3, "process", 99, true
	full.Answer = json.RawMessage(`{"success":true}`)
	full.Problem = &outbox.Problem{Message: "no", Status: 400, Fields: map[string]string{"types": "bad"}, NotSent: true}
	full.ConfirmedBy = []activity.Key{activity.KeyOf("b"), activity.KeyOf("a")}
	insert(t, s, bare, full)
	again := openStore(t, path)
	for _, want := range []outbox.Entry{bare, full} {
		got, err := again.Entry(t.Context(), want.ID)
		if diff := gocmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	}
	if _, err := s.Entry(t.Context(), "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown write: %v", err)
	}
	if err := s.Insert(t.Context(), bare); err == nil {
		t.Error("one id was journaled twice")
	}
}

func TestMoveIsCompareAndSet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	ours, theirs := openStore(t, path), openStore(t, path)
	e := entry(1)
	insert(t, ours, e)
	e.State, e.Holder = outbox.Sending, "us"
	if ok, err := ours.Move(t.Context(), outbox.Held, e, "sending"); !ok || err != nil {
		t.Fatalf("moved %t, %v", ok, err)
	}
	other := e
	other.State, other.Holder = outbox.Undone, "them"
	if ok, err := theirs.Move(t.Context(), outbox.Held, other, "undone"); ok || err != nil {
		t.Errorf("another process moved what had moved: %t, %v", ok, err)
	}
	if ok, err := theirs.Move(t.Context(), outbox.Held, outbox.Entry{ID: "nobody"}, ""); ok || err != nil {
		t.Errorf("moved what is not there: %t, %v", ok, err)
	}
	if got, err := theirs.Entry(t.Context(), e.ID); got.Holder != "us" || got.State != outbox.Sending || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	want := []outbox.Event{{At: clock(), To: outbox.Held}, {At: clock(), From: outbox.Held, To: outbox.Sending, Note: "sending"}}
	if got, err := theirs.History(t.Context(), e.ID); gocmp.Diff(want, got) != "" || err != nil {
		t.Errorf("%v %s", err, gocmp.Diff(want, got))
	}
}

func TestEntriesByStateNewestFirst(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for i := range 6 {
		e := entry(i)
		e.State = []outbox.State{outbox.Held, outbox.Unknown, outbox.Confirmed}[i%3]
		insert(t, s, e)
	}
	for _, c := range []struct {
		limit  int
		states []outbox.State
		want   []string
	}{
		{0, nil, []string{"0197-0005", "0197-0004", "0197-0003", "0197-0002", "0197-0001", "0197-0000"}},
		{2, nil, []string{"0197-0005", "0197-0004"}},
		{0, []outbox.State{outbox.Unknown}, []string{"0197-0004", "0197-0001"}},
		{3, []outbox.State{outbox.Unknown, outbox.Held}, []string{"0197-0004", "0197-0003", "0197-0001"}},
		{0, []outbox.State{outbox.Dropped}, nil},
	} {
		list, err := s.Entries(t.Context(), c.limit, c.states...)
		var got []string
		for _, e := range list {
			got = append(got, e.ID)
		}
		if diff := gocmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%d of %v: %v %s", c.limit, c.states, err, diff)
		}
	}
}

func TestAnActivityConfirmsOneWriteAtMost(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	first, second := entry(1), entry(2)
	insert(t, s, first, second)
	key := activity.KeyOf("the one")
	first.State, first.ConfirmedBy = outbox.Confirmed, []activity.Key{key}
	if ok, err := s.Move(t.Context(), outbox.Held, first, ""); !ok || err != nil {
		t.Fatalf("%t, %v", ok, err)
	}
	if ok, err := s.Move(t.Context(), outbox.Confirmed, first, "again"); !ok || err != nil {
		t.Errorf("confirming again: %t, %v", ok, err)
	}
	second.State, second.ConfirmedBy = outbox.Confirmed, []activity.Key{activity.KeyOf("free"), key}
	if ok, err := s.Move(t.Context(), outbox.Held, second, ""); ok || !errors.Is(err, store.ErrTaken) {
		t.Errorf("one activity confirmed two writes: %t, %v", ok, err)
	}
	got, err := s.Entry(t.Context(), second.ID)
	if err != nil || got.State != outbox.Held || got.ConfirmedBy != nil {
		t.Errorf("half written: %+v, %v", got, err)
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	event := func(id, claim, number string, minute int) activity.Activity {
		return decode(t, json.RawMessage(fmt.Sprintf(
			`{"activityId":%q,"createdAt":"2026-11-20T09:%02d:00.000Z","claimId":%q,"claimNumber":%q,"type":"order-created","data":{}}`,
			id, minute, claim, number)))
	}
	ingest(t, s, event("before", "claim", "EX-1", 29))
	e := entry(1)
	baseline, err := s.Sequence(t.Context())
	if err != nil || baseline != 1 {
		t.Fatalf("sequence %d, %v", baseline, err)
	}
	e.Baseline = baseline
	other := entry(2)
	insert(t, s, e, other)
	ingest(t, s, event("late", "claim", "EX-1", 32), event("old", "claim", "EX-1", 10), event("stranger", "other", "EX-2", 31),
		event("seen", "claim", "EX-1", 31), event("taken", "claim", "EX-1", 31))
	other.ConfirmedBy = []activity.Key{activity.KeyOf("taken")}
	if _, err := s.Move(t.Context(), outbox.Held, other, ""); err != nil {
		t.Fatal(err)
	}
	since := clock().Add(-10 * time.Minute)
	names := func(e outbox.Entry, since time.Time) (ids []string) {
		t.Helper()
		list, err := s.Candidates(t.Context(), e, since)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			ids = append(ids, a.ID)
		}
		return ids
	}
	if diff := gocmp.Diff([]string{"seen", "late"}, names(e, since)); diff != "" {
		t.Error(diff)
	}
	if diff := gocmp.Diff([]string{"old", "seen", "late"}, names(e, time.Time{})); diff != "" {
		t.Error("without a bound in time", diff)
	}
	e.ClaimID, e.ClaimNumber = "", "ex-1" // a claim that is being created
	if diff := gocmp.Diff([]string{"seen", "late"}, names(e, since)); diff != "" {
		t.Error("by number", diff)
	}
	e.ClaimNumber = ""
	if got := names(e, since); got != nil {
		t.Errorf("of no claim at all: %v", got)
	}
	other.Baseline = baseline
	if got := names(other, since); len(got) != 3 {
		t.Errorf("its own confirmation is a candidate still: %v", got)
	}
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	wants := func(claimID, want string) {
		t.Helper()
		got, found, err := s.Draft(t.Context(), "order.create", claimID)
		if string(got) != want || found != (want != "") || err != nil {
			t.Errorf("draft %q, found %t, %v, want %q", got, found, err, want)
		}
	}
	wants("c", "")
	for _, text := range []string{`{"a":1}`, `{"a":2}`} {
		must(t, s.SaveDraft(t.Context(), "order.create", "c", json.RawMessage(text)))
		wants("c", text)
	}
	wants("other", "")
	for range 2 {
		must(t, s.DropDraft(t.Context(), "order.create", "c"))
		wants("c", "")
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	if _, found, err := s.Setting(t.Context(), "theme"); found || err != nil {
		t.Errorf("a setting of nothing: %v", err)
	}
	for _, value := range []string{"dark", "light"} {
		must(t, s.SetSetting(t.Context(), "theme", value))
		if got, found, err := s.Setting(t.Context(), "theme"); got != value || !found || err != nil {
			t.Errorf("%q %t %v", got, found, err)
		}
	}
}
