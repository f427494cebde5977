package claimcenter

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// sums of the reserves of a claim in cents by cost category, as they stand in the answers.
func sums(t *testing.T, b *bench, id string) map[string]int {
	t.Helper()
	out := map[string]int{}
	rows, _ := at(b.get("/claims/"+id+"/reserves?pageSize=100&fields=*all").object(t), "data").([]any)
	for _, row := range rows {
		a := at(row, "attributes")
		amount, _ := at(a, "lineItems", 0, "reservingAmount", "amount").(string)
		cents, err := strconv.Atoi(strings.Replace(amount, ".", "", 1))
		if err != nil {
			t.Fatalf("amount %q", amount)
		}
		key, _ := at(a, "reserveLine", "costCategory", "code").(string)
		if at(a, "status", "code") == "pendingapproval" {
			key = "waiting"
		}
		out[key] += cents
	}
	return out
}

func TestAddClaim(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	opened := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	id := b.AddClaim(ClaimSeed{Number: "EX-1001", Insured: "Dana Whitfield", Vehicle: 12_345, Waiting: 900, Opened: opened})
	got := sums(t, b, id)
	if got["body"] != 12_345_00 || got["waiting"] != 900_00 || got["other"] != 350_00 || got["rental"] <= 0 || got["rental"] >= 900_00 {
		t.Errorf("sums: %v", got)
	}
	sets, _ := at(b.get("/claims/"+id+"/reserve-sets?fields=*all").object(t), "data").([]any)
	if len(sets) != 4 {
		t.Fatalf("%d sets", len(sets))
	}
	for i, set := range sets {
		a, last := at(set, "attributes"), i == len(sets)-1
		date, dated := at(a, "approvalDate").(string)
		if at(a, "requestingUser", "displayName") == "" || dated == last || last != (at(a, "approvalStatus", "code") == "unapproved") {
			t.Errorf("set %d: %v", i, a)
		}
		if at, err := time.Parse(time.RFC3339, date); dated && (err != nil || at.Before(opened)) {
			t.Errorf("set %d approved %q", i, date)
		}
	}
	o := b.get("/claims/" + id + "/reserves?fields=*all").object(t)
	if at(o, "data", 0, "attributes", "coverage", "code") != "PACollisionCov" ||
		at(o, "data", 0, "attributes", "reserveLine", "exposure", "displayName") != "(1) 1st Party Vehicle - Dana Whitfield" {
		t.Errorf("first reserve: %v", at(o, "data", 0))
	}
}

// Whatever the age of a claim is: its sets are approved one after the other, none before it was opened and none after now.
func TestApprovalsAreNotInTheFuture(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	now := b.options.Now()
	for name, opened := range map[string]time.Time{
		"old": now.AddDate(0, -3, 0), "of last week": now.AddDate(0, 0, -7), "young": now.Add(-60 * time.Hour),
		"of today": now.Add(-20 * time.Minute), "of now": now, "ahead of the clock": now.Add(time.Hour), "no date": {},
	} {
		sets, _ := at(b.get("/claims/"+b.AddClaim(ClaimSeed{Number: name, Opened: opened})+"/reserve-sets?fields=*all").object(t), "data").([]any)
		before := now.AddDate(-1, 0, 0)
		for i, set := range sets {
			date, _ := at(at(set, "attributes"), "approvalDate").(string)
			approved, err := time.Parse(time.RFC3339, date)
			if err != nil || approved.After(now) || approved.Before(before) || (i == 0 && opened.Before(now) && !opened.IsZero() && approved.Before(opened.Truncate(time.Millisecond))) {
				t.Errorf("%s: set %d was approved %q, after %s and at %s", name, i, date, before, now)
			}
			before = approved
		}
		if len(sets) != 3 {
			t.Errorf("%s: %d sets", name, len(sets))
		}
	}
}

func TestAddClaimVariants(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	own := b.AddClaim(ClaimSeed{ID: "cc:77", Number: "A", Exposures: []ExposureSeed{
		{Name: "(1) 1st Party Vehicle - Own Name"}, {Coverage: Code{"PAMedPayCov", "Medical Payments"}},
	}})
	if got := sums(t, b, own); own != "cc:77" || got["medical"] != 500_00 || got["rental"] != 0 || got["body"] < 6000_00 {
		t.Errorf("%s: %v", own, got)
	}
	for _, seed := range []ClaimSeed{{Number: "B", Unreadable: true}, {Number: "C", Archived: true}} {
		if id := b.AddClaim(seed); b.get("/claims/"+id).status != 404 ||
			at(b.search(`{"data":{"attributes":{"claimNumber":"`+seed.Number+`"}}}`).object(t), "data", 0, "attributes", "id") != id {
			t.Errorf("%s: can be read, or is not found", seed.Number)
		}
	}
}

// Ids are unique, and the same seed gives the same answers.
func TestIDs(t *testing.T) {
	t.Parallel()
	fill := func() (*bench, []string) {
		b := newBench(t, Behaviour{})
		var ids []string
		for i := range 20 {
			id := b.AddClaim(ClaimSeed{Number: strconv.Itoa(i)})
			rows, _ := at(b.get("/claims/"+id+"/reserves?pageSize=100").object(t), "data").([]any)
			for _, row := range rows {
				ids = append(ids, at(row, "attributes", "id").(string))
			}
		}
		return b, ids
	}
	b, ids := fill()
	if n := len(slices.Compact(slices.Sorted(slices.Values(ids)))); n != len(ids) || n < 60 {
		t.Errorf("%d ids, %d different", len(ids), n)
	}
	other, _ := fill()
	path := "/claims/cc:5001/reserves?fields=*all"
	if b.get(path).body != other.get(path).body {
		t.Error("the same seed gives other reserves")
	}
}

func TestAddingWhileReading(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() { b.AddClaim(ClaimSeed{Number: strconv.Itoa(i)}) })
		wg.Go(func() { b.get("/claims?pageSize=100") })
	}
	wg.Wait()
	if o := b.get("/claims?pageSize=100").object(t); at(o, "count") != float64(6+20) {
		t.Errorf("%v claims", at(o, "count"))
	}
	if n := len(b.Calls()); n != 21 {
		t.Errorf("%d calls noted", n)
	}
}
