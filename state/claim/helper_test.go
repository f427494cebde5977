package claim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"claimdeck/state/activity"
)

// start is when the histories of these tests begin.
var start = time.Date(2021, 1, 8, 12, 0, 0, 0, time.UTC)

// history builds the activities of one claim.
type history struct {
	t    testing.TB
	acts []activity.Activity
}

// add appends an activity, minutes after start.
func (h *history) add(minute int, typ activity.Type, data string) *history {
	h.t.Helper()
	return h.at(start.Add(time.Duration(minute)*time.Minute), typ, data)
}

func (h *history) at(at time.Time, typ activity.Type, data string) *history {
	h.t.Helper()
	raw := fmt.Sprintf(`{"activityId":"a%d","createdAt":%q,"claimId":"c1","claimNumber":"EX-1","externalId":"X-1","type":%q,"data":%s}`,
		len(h.acts), at.Format("2006-01-02T15:04:05.000Z07:00"), typ, data)
	a, err := activity.Decode(json.RawMessage(raw))
	if err != nil {
		h.t.Fatal(err)
	}
	h.acts = append(h.acts, a)
	return h
}

func (h *history) fold() Claim { return Fold(nil, h.acts) }

func (h *history) key(i int) activity.Key { return h.acts[i].Key }

func snapshot(t *testing.T, minute int, raw string) *Snapshot {
	t.Helper()
	s, err := DecodeSnapshot(json.RawMessage(raw), start.Add(time.Duration(minute)*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func minute(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }

func summaries(c Claim) []string {
	var list []string
	for _, e := range c.Timeline {
		list = append(list, e.Summary)
	}
	return list
}

const (
	payoffFull = `{"payoffAmount":10222.33,"perDiem":2.3,"validThroughDate":"2021-01-18T00:00:00.000Z","remittanceInformation":{` +
		`"standard":{"makeCheckPayableTo":"ALLY","attn":"PAYOFF","streetAddress":"1 Main","streetAddress2":"Ste 5","city":"Dallas","state":"TX","zipCode":"75204"},` +
		`"overnight":{"makeCheckPayableTo":"ALLY","streetAddress":"2 Oak","city":"Austin","state":"TX","zipCode":"73301"}},` +
		`"documentUrl":"https://xapi.lossexpress.com/documents/p1"}`
	titleCreated = `{"orderId":"o1","orderType":"Copy of Title"}`
)

// changed is the data of order-status-changed: the first order is the updated one.
func changed(orders ...string) string {
	return `{"updatedOrder":` + orders[0] + `,"orders":[` + strings.Join(orders, ",") + `]}`
}

func order(id, orderType, status, more string) string {
	return fmt.Sprintf(`{"orderId":%q,"orderType":%q,"status":%q%s}`, id, orderType, status, more)
}

func document(id string) string {
	return `,"documentUrl":"https://xapi-dev.lossexpress.com/documents/` + id + `"`
}
