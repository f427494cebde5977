package claim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimdeck/state/activity"
)

// anyActivity draws activities that meet: few orders, documents and milliseconds, every type, parts missing.
func anyActivity(index int) *rapid.Generator[activity.Activity] {
	return rapid.Custom(func(t *rapid.T) activity.Activity {
		typ := rapid.SampledFrom(append(activity.Types(), "foo-bar")).Draw(t, "type")
		at := start.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "minute")) * time.Minute).
			Add(time.Duration(rapid.IntRange(0, 1).Draw(t, "ms")) * time.Millisecond)
		raw := fmt.Sprintf(`{"activityId":"a%d","createdAt":%q,"claimId":"c1","claimNumber":"EX-1","type":%q,"data":%s}`,
			index, at.Format("2006-01-02T15:04:05.000Z07:00"), typ, anyData(t))
		a, err := activity.Decode(json.RawMessage(raw))
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
}

// anyData draws an object with the keys of all types, some of them.
func anyData(t *rapid.T) string {
	order := func(label string) string {
		return fmt.Sprintf(`{"orderId":"o%d","orderType":%q,"status":%q%s%s}`,
			rapid.IntRange(1, 3).Draw(t, label+" id"),
			rapid.SampledFrom([]string{"Copy of Title", "Letter of Guarantee", "Loan Payoff Request"}).Draw(t, label+" type"),
			rapid.SampledFrom([]string{"pending", "fulfilled", "cancelled", ""}).Draw(t, label+" status"),
			rapid.SampledFrom([]string{"", `,"documentUrl":"https://x/d1"`, `,"documentUrl":"https://y/d2"`}).Draw(t, label+" document"),
			rapid.SampledFrom([]string{"", `,"fulfillmentData":{"payoffAmount":1}`, `,"fulfillmentData":{"payoffAmount":2,"perDiem":1}`}).Draw(t, label+" payoff"))
	}
	members := map[string]string{
		`"updatedOrder"`:          order("updated"),
		`"orders"`:                "[" + order("first") + "," + order("second") + "]",
		`"orderId"`:               rapid.SampledFrom([]string{`"o1"`, `"o2"`, `"o3"`}).Draw(t, "orderId"),
		`"orderType"`:             rapid.SampledFrom([]string{`"Copy of Title"`, `"Letter of Guarantee"`, `"Loan Payoff Request"`}).Draw(t, "orderType"),
		`"documentUrl"`:           rapid.SampledFrom([]string{`"https://x/d1"`, `"https://y/d1"`, `"https://x/d2"`}).Draw(t, "url"),
		`"type"`:                  rapid.SampledFrom([]string{`"settlement breakdown"`, `"valuation report"`}).Draw(t, "document type"),
		`"payoffAmount"`:          rapid.SampledFrom([]string{`1`, `2`, `"3"`}).Draw(t, "amount"),
		`"perDiem"`:               rapid.SampledFrom([]string{`1`, `2.5`}).Draw(t, "per diem"),
		`"validThroughDate"`:      rapid.SampledFrom([]string{`"2021-01-18T00:00:00.000Z"`, `"2021-01-19"`}).Draw(t, "valid"),
		`"remittanceInformation"`: rapid.SampledFrom([]string{`{"standard":{"city":"Dallas"}}`, `{"overnight":{"city":"Austin"}}`}).Draw(t, "address"),
		`"update"`:                rapid.SampledFrom([]string{`{"lenderName":"A"}`, `{"lenderName":null,"vin":"V"}`}).Draw(t, "update"),
		`"previous"`:              rapid.SampledFrom([]string{`{"lenderName":"B"}`, `{"vin":"W","ownersName":"O"}`}).Draw(t, "previous"),
		`"lenderName"`:            rapid.SampledFrom([]string{`"C"`, `"D"`}).Draw(t, "lender"),
		`"message"`:               `"hello"`,
		`"count"`:                 rapid.SampledFrom([]string{`1`, `2`}).Draw(t, "count"),
		`"disputed"`:              rapid.SampledFrom([]string{`true`, `false`}).Draw(t, "disputed"),
		`"actionRequired"`:        rapid.SampledFrom([]string{`true`, `false`}).Draw(t, "asks"),
	}
	data := "{"
	for name, value := range members {
		members[name] = name + ":" + value
	}
	for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(members))), rapid.ID[string]).Draw(t, "members") {
		if data != "{" {
			data += ","
		}
		data += members[name]
	}
	return data + "}"
}

func anyHistory(t *rapid.T) []activity.Activity {
	acts := make([]activity.Activity, rapid.IntRange(0, 14).Draw(t, "activities"))
	for i := range acts {
		acts[i] = anyActivity(i).Draw(t, "activity")
	}
	return acts
}

func anySnapshot(t *rapid.T) *Snapshot {
	if rapid.Bool().Draw(t, "no snapshot") {
		return nil
	}
	s, err := DecodeSnapshot(json.RawMessage(`{"claimId":"c1","lenderName":"S","payoffData":{"payoffAmount":9},"documents":[{"documentUrl":"https://z/d1","type":"police report"}],`+
		`"letterOfGuaranteeRequest":{"createdAt":"2021-01-08T12:02:00Z"}}`),
		start.Add(time.Duration(rapid.IntRange(-1, 5).Draw(t, "read at"))*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

// TestOrderAndCopiesDoNotMatter: any permutation with any repetitions folds to the same claim.
func TestOrderAndCopiesDoNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		acts, snap := anyHistory(t), anySnapshot(t)
		want := Fold(snap, acts)
		mixed := acts
		if len(acts) > 0 {
			mixed = append(slices.Clip(mixed), rapid.SliceOf(rapid.SampledFrom(acts)).Draw(t, "again")...)
		}
		mixed = rapid.Permutation(mixed).Draw(t, "mixed")
		if diff := cmp.Diff(want, Fold(snap, mixed)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestFoldInTwoParts: a history that arrives in parts folds to the same claim, and folding changes no argument.
func TestFoldInTwoParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		acts, snap := anyHistory(t), anySnapshot(t)
		want := Fold(snap, acts)
		cut := rapid.IntRange(0, len(acts)).Draw(t, "cut")
		Fold(snap, acts[:cut])
		Fold(snap, acts[cut:])
		if diff := cmp.Diff(want, Fold(snap, append(acts[cut:len(acts):len(acts)], acts[:cut]...))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestFoldInvariants: every activity is in exactly one event, every order and document is there once, and the
// functions over a claim hold for anything.
func TestFoldInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		acts, snap := anyHistory(t), anySnapshot(t)
		c := Fold(snap, acts)
		keys := map[activity.Key]bool{}
		for i, e := range c.Timeline {
			if e.Summary == "" || i > 0 && e.At.After(c.Timeline[i-1].At) {
				t.Fatalf("event %d: %+v", i, e)
			}
			for _, k := range append(slices.Clip(e.Also), e.Key) {
				if keys[k] {
					t.Fatalf("twice in the timeline: %x", k)
				}
				keys[k] = true
			}
		}
		if len(keys) != len(acts) {
			t.Fatalf("%d of %d activities in the timeline", len(keys), len(acts))
		}
		checkOnce(t, c)
		if n := len(c.Counters); n > 0 {
			if _, open := c.OpenCounter(); open == c.Counters[n-1].Answered {
				t.Fatalf("open %v: %+v", open, c.Counters)
			}
		}
		now := start.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "now")) * 24 * time.Hour)
		if who, what := c.WaitingOn(now); (who == "") != (what == "") || c.ID != "" && c.Headline(now) == "" {
			t.Fatalf("%q, %q, %q", c.Headline(now), who, what)
		}
	})
}

// checkOnce fails unless every order and every document is there once, by its id.
func checkOnce(t *rapid.T, c Claim) {
	orders, documents := map[string]bool{}, map[string]bool{}
	for _, o := range c.Orders {
		if orders[o.ID] || o.ID == "" || o.ChangedAt.Before(o.CreatedAt) {
			t.Fatalf("order %+v", o)
		}
		orders[o.ID] = true
	}
	for _, d := range c.Documents {
		if documents[d.ID] || d.ID == "" {
			t.Fatalf("document %+v", d)
		}
		documents[d.ID] = true
	}
}

// TestSettledOrdersStay: whatever older events arrive later, an order that was settled last stays settled.
func TestSettledOrdersStay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		status := rapid.SampledFrom([]string{"fulfilled", "cancelled"}).Draw(t, "status")
		raw := fmt.Sprintf(`{"activityId":"last","createdAt":"2021-01-08T13:00:00Z","type":"order-status-changed","data":{"updatedOrder":{"orderId":"o1","orderType":"Copy of Title","status":%q}}}`, status)
		last, err := activity.Decode(json.RawMessage(raw))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range Fold(nil, append([]activity.Activity{last}, anyHistory(t)...)).Orders {
			if o.ID == "o1" && o.Status != status {
				t.Fatalf("%+v, want %s", o, status)
			}
		}
	})
}

// FuzzSnapshot: no claim object makes the reading or the fold panic.
func FuzzSnapshot(f *testing.F) {
	for _, s := range []string{
		`{"claimId":"c","documents":[null,{},{"documentUrl":7}],"payoffData":[],"letterOfGuaranteeRequest":1,"vehicle":"x"}`,
		`{"claim":{"claimId":"c"}}`, `{"claim":[]}`, `{"claimId":"c","payoffData":{"validThroughDate":"9999-12-31","payoffAmount":1e20}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, raw []byte) {
		s, err := DecodeSnapshot(raw, start)
		if err != nil {
			return
		}
		c := Fold(&s, nil)
		c.Headline(start)
		c.BusinessDaysLeft(start)
		c.PayoffOn(start.AddDate(1, 0, 0))
		c.Shortfall()
		c.MissingDocuments()
		s.Facts()
	})
}
