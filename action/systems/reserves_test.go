package systems_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/sandbox/claimcenter"
	"claimdeck/state/side"
)

func TestRefreshLinksByNumberAndRemembers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if v, err := o.Reserves.Stored(t.Context(), "c1"); err != nil || v.Known() || v.Link.Ref != "" {
		t.Errorf("before anything: %+v %v", v, err)
	}
	v, err := o.Reserves.Refresh(t.Context(), "c1", claimcenter.SampleNumber)
	must(t, err)
	if v.Link.Ref != claimcenter.SampleID || v.Link.How != side.ByNumber || len(v.Book.Sets) != 1 || len(v.Book.Reserves) != 9 || v.Problem != "" {
		t.Errorf("%+v", v)
	}
	first := v.Book.Reserves[0]
	if first.ID != "cc:22" || first.Exposure == nil || first.Exposure.ID != "demo_sample:10001" || len(first.Items) != 1 ||
		first.Items[0].Reserving.Text != "500.00" || first.Items[0].Reserving.Currency != "usd" || first.CostType.String() == "" {
		t.Errorf("%+v", first)
	}
	if set := v.Book.Sets[0]; set.ID != "cc:17" || set.RequestedBy != "Andy Applegate" || set.ApprovedAt.IsZero() || len(set.Reserves) != 9 {
		t.Errorf("%+v", set)
	}
	calls := len(o.center.Calls())
	stored, err := o.Reserves.Stored(t.Context(), "c1")
	if err != nil || !stored.Known() || len(stored.Book.Reserves) != 9 || !stored.Book.At.Equal(v.Book.At) {
		t.Errorf("%+v %v", stored, err)
	}
	if len(o.center.Calls()) != calls {
		t.Error("what is stored asked ClaimCenter")
	}
}

// What cannot be read again leaves what was read, and says why and since when.
func TestRefreshKeepsTheBookWhenClaimCenterIsDown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good, err := o.Reserves.Refresh(t.Context(), "c1", claimcenter.SampleNumber)
	must(t, err)
	o.ahead = time.Hour
	o.center.Inject(claimcenter.Fault{Kind: claimcenter.FaultUnavailable, Times: -1})
	v, err := o.Reserves.Refresh(t.Context(), "c1", claimcenter.SampleNumber)
	if !errors.Is(err, api.ErrUnavailable) || !v.Known() || !v.Book.At.Equal(good.Book.At) {
		t.Errorf("%+v %v", v, err)
	}
	if v.Problem == "" || v.ProblemAt.Sub(good.Book.At) < 50*time.Minute {
		t.Errorf("the problem is %q of %s", v.Problem, v.ProblemAt)
	}
	o.center.ClearFaults()
	if v, err := o.Reserves.Refresh(t.Context(), "c1", claimcenter.SampleNumber); err != nil || v.Problem != "" || !v.Book.At.After(good.Book.At) {
		t.Errorf("after it came back: %+v %v", v, err)
	}
}

func TestLinking(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, number string
		kind         error
		words        string
	}{
		{"none", "no-such-number", api.ErrNotFound, "there is no claim no-such-number"},
		{"two", claimcenter.DoubleNumber, api.ErrConflict, "demo_sample:7, demo_sample:8"},
		{"found and not readable", claimcenter.UnreadableNumber, api.ErrNotFound, ""},
		{"without a number", "  ", nil, "no number to look for"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			v, err := o.Reserves.Refresh(t.Context(), "c1", tt.number)
			if err == nil || tt.kind != nil && !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.words) || v.Known() {
				t.Errorf("%+v %v", v, err)
			}
			if v.Problem == "" || v.ProblemAt.IsZero() {
				t.Errorf("it is not remembered: %+v", v)
			}
		})
	}
}

func TestLinkByPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.Reserves.Refresh(t.Context(), "c1", claimcenter.SampleNumber)
	must(t, err)
	if _, err := o.Reserves.Link(t.Context(), "c1", "demo_sample:99"); !errors.Is(err, api.ErrNotFound) {
		t.Errorf("linked to nothing: %v", err)
	}
	if v, err := o.Reserves.Stored(t.Context(), "c1"); err != nil || v.Link.Ref != claimcenter.SampleID || !v.Known() {
		t.Errorf("a link that failed changed something: %+v %v", v, err)
	}
	number, err := o.Reserves.Link(t.Context(), "c1", " demo_sample:8 ")
	if err != nil || number != claimcenter.DoubleNumber {
		t.Errorf("%q %v", number, err)
	}
	v, err := o.Reserves.Stored(t.Context(), "c1")
	if err != nil || v.Link.Ref != "demo_sample:8" || v.Link.How != side.ByPerson || v.Known() {
		t.Errorf("what was read of the other claim stays: %+v %v", v, err)
	}
	v, err = o.Reserves.Refresh(t.Context(), "c1", claimcenter.SampleNumber)
	if err != nil || v.Link.Ref != "demo_sample:8" || len(v.Book.Reserves) != 0 {
		t.Errorf("a search replaced what the person gave: %+v %v", v, err)
	}
	must(t, o.Reserves.Unlink(t.Context(), "c1"))
	if v, err := o.Reserves.Stored(t.Context(), "c1"); err != nil || v.Link.Ref != "" || v.Known() {
		t.Errorf("after the unlink: %+v %v", v, err)
	}
}

func TestOneReserveAndOneSet(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	one, err := o.Reserves.Reserve(t.Context(), "c1", claimcenter.SampleNumber, "cc:36")
	if err != nil || one.ID != "cc:36" || len(one.Items) != 1 || one.Items[0].Comments != "Appraiser" {
		t.Errorf("%+v %v", one, err)
	}
	set, err := o.Reserves.Set(t.Context(), "c1", claimcenter.SampleNumber, "cc:17")
	if err != nil || set.ID != "cc:17" {
		t.Errorf("%+v %v", set, err)
	}
	for name, ask := range map[string]func(number, id string) error{
		"reserve": func(number, id string) error {
			_, err := o.Reserves.Reserve(t.Context(), "c9", number, id)
			return err
		},
		"set": func(number, id string) error {
			_, err := o.Reserves.Set(t.Context(), "c9", number, id)
			return err
		},
	} {
		if err := ask(claimcenter.SampleNumber, "cc:9999"); !errors.Is(err, api.ErrNotFound) {
			t.Errorf("%s of no id: %v", name, err)
		}
	}
	if _, err := o.Reserves.Set(t.Context(), "c8", "no-such-number", "cc:17"); !errors.Is(err, api.ErrNotFound) {
		t.Errorf("of no claim: %v", err)
	}
}

// A damaged book is a problem and not the end.
func TestDamagedBook(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	must(t, o.store.SaveCached(t.Context(), side.Cached{ClaimID: "c1", System: side.ClaimCenter, At: time.Now(), Raw: []byte(`[1]`)}))
	v, err := o.Reserves.Stored(t.Context(), "c1")
	if err != nil || v.Known() || v.Problem == "" {
		t.Errorf("%+v %v", v, err)
	}
	if v, err := o.Reserves.Refresh(t.Context(), "c1", claimcenter.SampleNumber); err != nil || !v.Known() || v.Problem != "" {
		t.Errorf("%+v %v", v, err)
	}
}

func TestReservesWithUserAndPassword(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(o *office) {
		o.profile.ClaimCenter.Auth, o.profile.ClaimCenter.TokenURL = "basic", ""
		o.id, o.key = "aapplegate", "gw"
	})
	if _, err := o.Reserves.Refresh(t.Context(), "c1", claimcenter.SampleNumber); err != nil || o.center.TokensIssued() != 0 {
		t.Errorf("%v, %d tokens", err, o.center.TokensIssued())
	}
}
