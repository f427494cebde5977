package claimcenter_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"claimdeck/api"
	"claimdeck/api/claimcenter"
	sandbox "claimdeck/sandbox/claimcenter"
)

var noRaw = cmpopts.IgnoreTypes(json.RawMessage{})

// printedSet is what the document prints of reserve set cc:17.
func printedSet() claimcenter.ReserveSet {
	return claimcenter.ReserveSet{
		ID: "cc:17", ApprovalStatus: claimcenter.Code{Code: "approved", Name: "Approved"},
		ApprovalDate:   time.Date(2021, 8, 8, 7, 0, 0, 0, time.UTC),
		RequestingUser: claimcenter.Ref{DisplayName: "Andy Applegate"},
		Reserves: []claimcenter.Ref{
			{ID: "cc:22", DisplayName: "(1) 1st Party Vehicle...Claim Cost/Auto body...", Type: "Reserve"},
			{ID: "cc:36", DisplayName: "(1) 1st Party Vehicle...Expense - A&O/Other...", Type: "Reserve"},
			{ID: "cc:40", DisplayName: "(2) 1st Party Med Pay...Claim Cost/Medical...", Type: "Reserve"},
		},
	}
}

// printedReserve is what the document prints of reserve cc:22.
func printedReserve() claimcenter.Reserve {
	amount := claimcenter.Amount{Text: "500.00", Value: "500.00", Currency: "usd"}
	usd := claimcenter.Code{Code: "usd", Name: "USD"}
	return claimcenter.Reserve{
		ID: "cc:22", Status: claimcenter.Code{Code: "submitted", Name: "Submitted"},
		Type:     claimcenter.Code{Code: "Reserve", Name: "Reserve"},
		Coverage: claimcenter.Code{Code: "PACollisionCov", Name: "Collision"}, Currency: usd,
		Line: claimcenter.ReserveLine{
			Exposure: &claimcenter.Ref{ID: "demo_sample:10001", DisplayName: "(1) 1st Party Vehicle - Ray Newton"},
			CostType: claimcenter.Code{Code: "claimcost", Name: "Claim Cost"}, CostCategory: claimcenter.Code{Code: "body", Name: "Auto body"},
			ReservingCurrency: usd,
		},
		LineItems: []claimcenter.LineItem{{
			ID: "cc:56", Comments: "Repairs", Category: claimcenter.Code{Code: "other", Name: "Other"},
			ClaimAmount: amount, ReportingAmount: amount, ReservingAmount: amount, TransactionAmount: amount,
		}},
	}
}

func TestPrintedSamples(t *testing.T) {
	t.Parallel()
	c := serve(t, say(200, sample(t, "reserve-set.json")))
	set, err := c.ReserveSet(t.Context(), "demo_sample:1", "cc:17")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(printedSet(), set, noRaw); d != "" {
		t.Error(d)
	}
	c = serve(t, say(200, sample(t, "reserve.json")))
	r, err := c.Reserve(t.Context(), "demo_sample:1", "cc:17")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(printedReserve(), r, noRaw); d != "" {
		t.Error(d)
	}
	if !strings.Contains(string(r.Raw), `"PACollisionCov"`) {
		t.Errorf("Raw is %s", r.Raw)
	}
}

// The printed texts themselves are no JSON: they are refused, and not half read.
func TestTextsAsPrintedAreRefused(t *testing.T) {
	t.Parallel()
	c := serve(t, say(200, sample(t, "reserve.printed")))
	if _, err := c.Reserve(t.Context(), "demo_sample:1", "cc:17"); !errors.Is(err, api.ErrBadResponse) {
		t.Errorf("got %v", err)
	}
}

func TestSampleClaimOfTheSandbox(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{})
	set, err := c.ReserveSet(t.Context(), sandbox.SampleID, "cc:17")
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Reserves) != 9 {
		t.Errorf("%d reserves in the set", len(set.Reserves))
	}
	set.Reserves = set.Reserves[:3]
	if d := cmp.Diff(printedSet(), set, noRaw); d != "" {
		t.Error(d)
	}
	for _, id := range []string{"cc:17", "cc:22"} {
		r, err := c.Reserve(t.Context(), sandbox.SampleID, id)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(printedReserve(), r, noRaw); d != "" {
			t.Errorf("%s: %s", id, d)
		}
	}
	sets, err := c.ReserveSets(t.Context(), sandbox.SampleID)
	if err != nil || len(sets) != 1 || len(sets[0].Reserves) != 9 || sets[0].RequestingUser.DisplayName != "Andy Applegate" {
		t.Errorf("sets: %+v, %v", sets, err)
	}
	reserves, err := c.Reserves(t.Context(), sandbox.SampleID)
	if err != nil || len(reserves) != 9 {
		t.Fatalf("%d reserves, %v", len(reserves), err)
	}
	if d := cmp.Diff(printedReserve(), reserves[0], noRaw); d != "" {
		t.Error(d)
	}
}

func TestMixedClaim(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{})
	reserves, err := c.Reserves(t.Context(), "demo_sample:3")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range reserves {
		where := "claim"
		if r.Line.Exposure != nil {
			where = r.Line.Exposure.ID
		}
		a := r.LineItems[0].ReservingAmount
		got = append(got, strings.Join([]string{r.ID, where, string(a.Value), a.Currency, r.Status.Code}, " "))
	}
	want := []string{
		"cc:311 demo_sample:10031 8000.00 usd submitted", "cc:312 demo_sample:10031 1250.3750 cad submitted",
		"cc:313 claim 600.00 usd submitted", "cc:315 demo_sample:10031 -750.50 usd submitting",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if own := reserves[1].LineItems[0].ClaimAmount; own.Currency != "usd" || own.Value != "914.02" {
		t.Errorf("in the claim's currency: %+v", own)
	}
}

func TestNoReserves(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{})
	sets, err := c.ReserveSets(t.Context(), "demo_sample:5")
	if err != nil || sets == nil || len(sets) != 0 {
		t.Errorf("sets: %v, %v", sets, err)
	}
	reserves, err := c.Reserves(t.Context(), "demo_sample:5")
	if err != nil || reserves == nil || len(reserves) != 0 {
		t.Errorf("reserves: %v, %v", reserves, err)
	}
}

// A list shows no line items unless it is asked; where it cannot be asked, each reserve is read.
func TestSummariesAreCompleted(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{RefuseFields: true})
	reserves, err := c.Reserves(t.Context(), sandbox.SampleID)
	if err != nil || len(reserves) != 9 {
		t.Fatalf("%d reserves, %v", len(reserves), err)
	}
	for _, r := range reserves {
		if len(r.LineItems) != 1 || !r.LineItems[0].ReservingAmount.Valid() {
			t.Errorf("%s has no amount", r.ID)
		}
	}
	calls := c.service.Calls()
	if len(calls) != 2+9 || calls[0].Status != 400 || calls[1].Status != 200 {
		t.Errorf("calls: %+v", calls)
	}
	sets, err := c.ReserveSets(t.Context(), sandbox.SampleID)
	if err != nil || len(sets) != 1 || len(sets[0].Reserves) != 9 || sets[0].RequestingUser.DisplayName == "" {
		t.Errorf("sets: %+v, %v", sets, err)
	}
	c.service.Inject(sandbox.Fault{Kind: sandbox.FaultForbidden, Contains: "/reserves/cc:40"})
	if _, err := c.Reserves(t.Context(), sandbox.SampleID); !errors.Is(err, api.ErrForbidden) {
		t.Errorf("one that cannot be read: %v", err)
	}
}

func TestUnknownKeysAndCodes(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{UnknownKeys: true, UnknownCodes: true, TrailingCommas: true})
	reserves, err := c.Reserves(t.Context(), sandbox.SampleID)
	if err != nil || len(reserves) != 9 {
		t.Fatalf("%d reserves, %v", len(reserves), err)
	}
	r := reserves[0]
	want := []string{"ext_status", "ext_costType", "ext_costCategory", "ext_coverage", "ext_lineCategory"}
	got := []string{r.Status.Code, r.Line.CostType.Code, r.Line.CostCategory.Code, r.Coverage.Code, r.LineItems[0].Category.Code}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if r.Status.String() != "Extended status" || r.LineItems[0].ReservingAmount.Value != "500.00" {
		t.Errorf("got %+v", r)
	}
	if !strings.Contains(string(r.Raw), "x_unknown") {
		t.Error("Raw lost what is not known")
	}
}

func TestNulls(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{NullValues: true})
	r, err := c.Reserve(t.Context(), sandbox.SampleID, "cc:22")
	if err != nil {
		t.Fatal(err)
	}
	i := r.LineItems[0]
	if r.Line.Exposure != nil || r.Coverage != (claimcenter.Code{}) || i.Comments != "" || i.ClaimAmount.Valid() || !i.ReservingAmount.Valid() {
		t.Errorf("got %+v", r)
	}
	s, err := c.ReserveSet(t.Context(), sandbox.SampleID, "cc:17")
	if err != nil || !s.ApprovalDate.IsZero() || s.RequestingUser != (claimcenter.Ref{}) {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestHostileStrings(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{HostileStrings: true})
	reserves, err := c.Reserves(t.Context(), sandbox.SampleID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reserves {
		texts := []string{r.Status.Name, r.Line.CostType.Name, r.Coverage.Name, r.Line.Exposure.DisplayName}
		for _, i := range r.LineItems {
			texts = append(texts, i.Category.Name, strings.ReplaceAll(i.Comments, "\n", " "))
		}
		if slices.ContainsFunc(texts, func(s string) bool {
			return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
		}) {
			t.Errorf("not safe to print: %q", texts)
		}
	}
	_, err = c.Claim(t.Context(), "no-such")
	if e := mustFail(t, err); strings.ContainsAny(e.Error(), "\x1b\u009b\u202e\r\n") {
		t.Errorf("not safe to print: %q", e.Error())
	}
}

// What is of another shape than the document says counts as absent, and costs nothing else.
func TestStrangeShapes(t *testing.T) {
	t.Parallel()
	c := serve(t, say(200, `{"data":{"attributes":{"id":22,"status":"submitted","coverage":[],"currency":null,"type":{"code":7},
		"reserveLine":{"exposure":{},"costType":"claimcost","costCategory":{"name":"Auto body"}},
		"lineItems":[null,"odd",{"reservingAmount":{"amount":500.25,"currency":{"code":"usd"}},"comments":["x"],
			"claimAmount":{"amount":"5E+2","currency":"usd"},"reportingAmount":{"amount":"five","currency":"usd"},"transactionAmount":"9"}]}}}`))
	r, err := c.Reserve(t.Context(), "c", "r")
	if err != nil {
		t.Fatal(err)
	}
	want := claimcenter.Reserve{
		ID: "22", Status: claimcenter.Code{Code: "submitted"}, Type: claimcenter.Code{Code: "7"},
		Line: claimcenter.ReserveLine{CostType: claimcenter.Code{Code: "claimcost"}, CostCategory: claimcenter.Code{Name: "Auto body"}},
		LineItems: []claimcenter.LineItem{{}, {
			ReservingAmount: claimcenter.Amount{Text: "500.25", Value: "500.25", Currency: "usd"},
			ClaimAmount:     claimcenter.Amount{Text: "5E+2", Value: "500", Currency: "usd"},
			ReportingAmount: claimcenter.Amount{Text: "five", Currency: "usd"},
		}},
	}
	if d := cmp.Diff(want, r, noRaw); d != "" {
		t.Error(d)
	}
}

func TestAnswersWithoutData(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no data": `{}`, "no attributes": `{"data":{}}`, "null": `{"data":null}`, "attributes of another shape": `{"data":{"attributes":[]}}`,
		"nothing": ``, "a list": `[]`, "another service": `{"ok":true}`,
	} {
		c := serve(t, say(200, body))
		if _, err := c.Reserve(t.Context(), "c", "r"); !errors.Is(err, api.ErrBadResponse) {
			t.Errorf("%s: reserve: %v", name, err)
		}
		if _, err := c.Reserves(t.Context(), "c"); !errors.Is(err, api.ErrBadResponse) {
			t.Errorf("%s: reserves: %v", name, err)
		}
	}
	c := serve(t, say(200, `{"count":0,"links":{}}`))
	if rows, err := c.Reserves(t.Context(), "c"); err != nil || len(rows) != 0 {
		t.Errorf("an explicit nothing: %v, %v", rows, err)
	}
}

func TestMissingIDsAreNotSent(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was sent") })
	for _, id := range []string{"", " ", "..", "."} {
		if _, err := c.Reserves(t.Context(), id); !errors.Is(err, api.ErrInvalid) || !mustFail(t, err).NotSent() {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := c.Reserve(t.Context(), "c", ""); !errors.Is(err, api.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestDecimals(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]claimcenter.Decimal{
		"500.00": "500.00", "-12.3456": "-12.3456", "0": "0", "0E-2": "0.00", "1E+3": "1000", "1.25e1": "12.5", "-1.5E-3": "-0.0015",
		"12E0": "12", "7\n": "7", "1234.5E-2": "12.345",
		"": "", "x": "", "NaN": "", "1,000.00": "", "1E99": "", "1E-99": "", "0x10": "", `"5"`: "", "{}": "", "5.": "", "+5": "", "--5": "",
		"null": "", strings.Repeat("9", 41): "",
	} {
		got, ok := claimcenter.ParseDecimal(in)
		if got != want || ok != (want != "") {
			t.Errorf("ParseDecimal(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}
