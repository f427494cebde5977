package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/query"
	"claimdeck/state/store"
)

func claimEvent(t *testing.T, id, kind, claimID, number string, minute int, data string) activity.Activity {
	t.Helper()
	return decode(t, json.RawMessage(fmt.Sprintf(
		`{"activityId":%q,"createdAt":"2026-11-20T08:%02d:00.000Z","claimId":%q,"claimNumber":%q,"type":%q,"data":%s}`,
		id, minute, claimID, number, kind, data)))
}

func TestAClaimSaysWhatWasStatedLast(t *testing.T) {
	t.Parallel()
	list := []activity.Activity{
		claimEvent(t, "1", "claim-created", "c1", "EX-7", 1, `{"claimNumber":"EX-7","vin":"1hgcm82633a004352","lenderName":"Aly",
			"ownersName":"Maria Lopez","vehicle":{"year":2019,"make":"Honda","model":"Accord"}}`),
		claimEvent(t, "2", "lender-alias-verified", "c1", "EX-7", 2, `{"lenderId":"l","lenderName":"Ally Financial"}`),
		claimEvent(t, "3", "claim-updated", "c1", "EX-7B", 3, `{"update":{"ownersName":"Maria Chen","claimNumber":"EX-7B"},"previous":{}}`),
		claimEvent(t, "4", "call-made", "c1", "EX-7B", 4, `{"callLength":3}`),
	}
	orders := [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}}
	for _, order := range orders {
		s := newStore(t)
		for _, i := range order { // each in a transaction of its own
			ingest(t, s, list[i])
		}
		rows, err := s.Claims(t.Context(), query.Filter{}, store.ClaimPaging{Limit: 5})
		want := []store.ClaimRow{{
			ID: "c1", Number: "EX-7B", VIN: "1HGCM82633A004352", Lender: "Ally Financial", Owner: "Maria Chen",
			Vehicle: "2019 Honda Accord", LastAt: list[3].CreatedAt, LastSummary: list[3].Summary(), Activities: 4,
		}}
		if diff := gocmp.Diff(want, rows, cmpopts.IgnoreUnexported(store.ClaimRow{})); diff != "" || err != nil {
			t.Errorf("arrived as %v: %v %s", order, err, diff)
		}
		row, err := s.Activities(t.Context(), query.Filter{Lender: "ally"}, store.Paging{Limit: 1})
		if err != nil || len(row) != 1 || row[0].Lender != "Ally Financial" || row[0].ClaimNumber != "EX-7B" {
			t.Errorf("arrived as %v: %+v, %v", order, row, err)
		}
	}
}

func TestFindClaims(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ingest(t, s,
		claimEvent(t, "1", "claim-created", "C-one", "EX-1", 1, `{"vin":"1HGCM82633A004352"}`),
		claimEvent(t, "2", "claim-created", "c-two", "EX-10", 2, `{"vin":"1HGCM82633A004352"}`),
		claimEvent(t, "3", "claim-created", "c-three", "ex-1", 3, `{}`))
	for ref, want := range map[string][]string{
		"EX-1": {"c-three", "C-one"}, "\tex-10\n": {"c-two"}, "c-ONE": {"C-one"}, "1hgcm82633a004352": {"c-two", "C-one"},
		"EX": nil, "": nil, "1HGCM": nil,
	} {
		rows, err := s.FindClaims(t.Context(), ref)
		var got []string
		for _, r := range rows {
			got = append(got, r.ID)
		}
		if diff := gocmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v %s", ref, err, diff)
		}
	}
}

func TestClaimsArePagedByNewestActivity(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	list := newGenerator(9).activities(t, 900)
	ingest(t, s, list...)
	last := map[string]activity.Activity{}
	for _, a := range list {
		if compare(a, last[a.ClaimID]) > 0 {
			last[a.ClaimID] = a
		}
	}
	ids := make([]string, 0, len(last))
	for id := range last {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return compare(last[b], last[a]) })

	if diff := gocmp.Diff(ids, walkClaims(t, s, store.ClaimPaging{Limit: 7})); diff != "" {
		t.Error(diff)
	}
	slices.Reverse(ids)
	if diff := gocmp.Diff(ids, walkClaims(t, s, store.ClaimPaging{Limit: 11, Dir: store.Newer})); diff != "" {
		t.Error("upwards", diff)
	}
	if _, err := s.Claims(t.Context(), query.Filter{}, store.ClaimPaging{}); err == nil {
		t.Error("a page of no rows was given")
	}
	calls := 0
	for _, a := range last {
		if a.Type == activity.CallMade {
			calls++
		}
	}
	for _, c := range []struct {
		filter query.Filter
		want   int
	}{
		{query.Filter{}, len(ids)},
		{query.Filter{Since: last[ids[len(ids)-3]].CreatedAt}, 3},
		{query.Filter{Types: []activity.Type{activity.CallMade}}, calls},
	} {
		if n, err := s.CountClaims(t.Context(), c.filter); n != c.want || err != nil {
			t.Errorf("count of %+v: %d, %v, want %d", c.filter, n, err, c.want)
		}
	}
}

// walkClaims pages through all claims.
func walkClaims(t *testing.T, s *store.Store, p store.ClaimPaging) (ids []string) {
	t.Helper()
	for {
		rows, err := s.Claims(t.Context(), query.Filter{}, p)
		must(t, err)
		if len(rows) == 0 {
			return ids
		}
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		from := rows[len(rows)-1].Position()
		p.From = &from
	}
}

func TestClaimsAreFoundByWords(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	g := newGenerator(9)
	ingest(t, s, g.activities(t, 900)...)
	want := 0
	for _, c := range g.claims {
		if strings.HasSuffix(c.owner, "Lopez") {
			want++
		}
	}
	rows, err := s.Claims(t.Context(), query.Filter{Words: []string{"honda", "lopez"}}, store.ClaimPaging{Limit: 99})
	if err != nil || len(rows) != want || want == 0 {
		t.Errorf("%d claims, %v, want %d", len(rows), err, want)
	}
	for _, r := range rows {
		if !strings.HasSuffix(r.Owner, "Lopez") {
			t.Errorf("%+v", r)
		}
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	read := func(at time.Time, owner string) claim.Snapshot {
		snap, err := claim.DecodeSnapshot(json.RawMessage(fmt.Sprintf(
			`{"claimId":"c1","claimNumber":"EX-1","vin":"1HGCM82633A004352","lenderName":"Ally","ownersName":%q}`, owner)), at)
		must(t, err)
		return snap
	}
	if _, found, err := s.Snapshot(t.Context(), "c1"); found || err != nil {
		t.Errorf("a snapshot of nothing: %v", err)
	}
	for _, snap := range []claim.Snapshot{read(clock(), "New"), read(clock().Add(-time.Hour), "Old")} {
		must(t, s.SaveSnapshot(t.Context(), snap))
	}
	got, found, err := s.Snapshot(t.Context(), "c1")
	if diff := gocmp.Diff(read(clock(), "New").Raw, got.Raw); diff != "" || !found || err != nil || !got.At.Equal(clock()) {
		t.Errorf("%t %v %s %s", found, err, got.At, diff)
	}
	want := []store.ClaimRow{{ID: "c1", Number: "EX-1", VIN: "1HGCM82633A004352", Lender: "Ally", Owner: "New"}}
	find := func() []store.ClaimRow {
		t.Helper()
		rows, err := s.FindClaims(t.Context(), "ex-1")
		must(t, err)
		return rows
	}
	if diff := gocmp.Diff(want, find(), cmpopts.IgnoreUnexported(store.ClaimRow{})); diff != "" {
		t.Error(diff)
	}
	older := claimEvent(t, "1", "claim-updated", "c1", "EX-1", 1, `{"update":{"ownersName":"Oldest"}}`)
	ingest(t, s, older)
	if rows := find(); rows[0].Owner != "New" || rows[0].Activities != 1 {
		t.Errorf("an older activity won: %+v", rows[0])
	}
	newer := decode(t, json.RawMessage(`{"activityId":"2","createdAt":"2026-11-21T08:00:00Z","claimId":"c1","claimNumber":"EX-1",
		"type":"claim-updated","data":{"update":{"ownersName":"Newest"}}}`))
	ingest(t, s, newer)
	if rows := find(); rows[0].Owner != "Newest" || rows[0].Activities != 2 || !rows[0].LastAt.Equal(newer.CreatedAt) {
		t.Errorf("%+v", rows[0])
	}
	if err := s.SaveSnapshot(t.Context(), claim.Snapshot{}); err == nil {
		t.Error("a snapshot of no claim was kept")
	}
}
