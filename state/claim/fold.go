package claim

import (
	"bytes"
	"cmp"
	"slices"

	"claimdeck/state/activity"
)

// Fold returns what snap (nil: none was read) and acts, all of one claim, say about it. The arguments are not
// changed. Any order of acts, and any number of copies of them, give the same claim.
//
// A snapshot is right at its time and silent about what it does not hold; what happened later wins.
func Fold(snap *Snapshot, acts []activity.Activity) Claim {
	history := ordered(acts)
	f := newFolder(history)
	for _, a := range history {
		if snap != nil && a.CreatedAt.After(snap.At) {
			f.snapshot(snap)
			snap = nil
		}
		f.activity(a)
	}
	if snap != nil {
		f.snapshot(snap)
	}
	return f.finish()
}

// ordered returns acts by time, causes before effects, each once.
func ordered(acts []activity.Activity) []*activity.Activity {
	list := make([]*activity.Activity, len(acts))
	for i := range acts {
		list[i] = &acts[i]
	}
	slices.SortFunc(list, func(a, b *activity.Activity) int {
		return cmp.Or(
			bytes.Compare(a.Key[:], b.Key[:]),
			b.CreatedAt.Compare(a.CreatedAt),
			bytes.Compare(a.Raw, b.Raw),
		)
	})
	// One id with two contents is not documented; the newest is kept, whichever came first.
	list = slices.CompactFunc(list, func(a, b *activity.Activity) bool { return a.Key == b.Key })
	slices.SortFunc(list, func(a, b *activity.Activity) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), rank(a)-rank(b), bytes.Compare(a.Key[:], b.Key[:]))
	})
	return list
}

// The places of activities within one millisecond: the service writes several facts at once, and their keys are
// random.
const (
	rankClaim = iota
	rankOpened
	rankPending
	rankNews
	rankSettled
	rankAnswer
)

func rank(a *activity.Activity) int {
	switch a.Type {
	case activity.ClaimCreated:
		return rankClaim
	case activity.OrderCreated, activity.PayoffRequestCreated, activity.LetterOfGuaranteeRequestCreated,
		activity.SettlementCounterAdded:
		return rankOpened
	case activity.OrderStatusChanged:
		if d, ok := a.Data.(activity.OrderStatus); ok && !settled(d.Updated.Status) {
			return rankPending
		}
		return rankSettled
	case activity.OrderCancelled, activity.OrderFulfilled, activity.LetterOfGuaranteeAdded,
		activity.LetterOfGuaranteeRequestCancelled, activity.PayoffRequestCancelled, activity.PayoffDataAdded:
		return rankSettled
	case activity.SettlementCounterUpdated:
		return rankAnswer
	default:
		return rankNews
	}
}

func settled(status string) bool {
	return status == activity.StatusFulfilled || status == activity.StatusCancelled
}

// folder is a fold at work.
type folder struct {
	c          Claim
	info       activity.ClaimInfo
	orders     map[string]*Order
	orderIDs   []string                       // by first mention
	orderTypes map[string]string              // by order id, from all activities: some name the id only
	listed     map[string]activity.PayoffData // the payoff data last seen with an order
	documents  map[string]*Document
	documentID []string // by first mention
	timeline   timeline
}

// newFolder starts a fold with what is only said in passing, and holds until something better is known: the types
// of orders, and the previous values of changed fields.
func newFolder(history []*activity.Activity) *folder {
	f := &folder{
		orders:     map[string]*Order{},
		orderTypes: map[string]string{},
		listed:     map[string]activity.PayoffData{},
		documents:  map[string]*Document{},
	}
	for _, a := range history {
		f.learnOrderTypes(a)
		if d, ok := a.Data.(activity.ClaimChange); ok {
			f.info.Learn(&d.Previous)
		}
	}
	return f
}

func (f *folder) activity(a *activity.Activity) {
	f.common(a)
	switch d := a.Data.(type) {
	case activity.NewClaim:
		f.info.Learn(&d.ClaimInfo)
		f.c.CreatedAt = firstTime(f.c.CreatedAt, a.CreatedAt)
	case activity.ClaimChange:
		f.info.Apply(&d.Update)
	case activity.LenderVerified:
		f.lender(d)
	case activity.DirectMessage:
		f.message(a, d)
	case activity.NewDocument, activity.SentDocument:
		f.documentActivity(a)
	case activity.Guarantee, activity.GuaranteeRequest, activity.Bare:
		f.requestActivity(a)
	case activity.PayoffData:
		f.payoffData(a.CreatedAt, d)
	case activity.Payment:
		f.payment(a, d)
	case activity.Counter:
		f.counter(a, d)
	case activity.CounterAnswer:
		f.counterAnswer(a, d)
	case activity.Call:
		f.c.Calls++
	default:
		f.orderActivity(a)
	}
	f.timeline.add(a, f.factOf(a))
}

// common takes what every activity carries.
func (f *folder) common(a *activity.Activity) {
	if a.ClaimID != "" {
		f.c.ID = a.ClaimID
	}
	f.info.Learn(activity.Named(a.ClaimNumber, a.ExternalID))
	if a.CreatedAt.IsZero() {
		return
	}
	f.c.FirstActivity = firstTime(f.c.FirstActivity, a.CreatedAt)
	f.c.LastActivity = a.CreatedAt
}

func (f *folder) lender(d activity.LenderVerified) {
	f.info.Learn(activity.NamedLender(d.Name, d.ID))
}

func (f *folder) snapshot(s *Snapshot) {
	f.c.ID = s.ClaimID
	f.c.SnapshotAt = s.At
	f.c.CreatedAt = firstTime(s.CreatedAt, f.c.CreatedAt)
	f.info.Learn(&s.Info)
	for _, p := range s.Info.Other {
		if f.c.Extra == nil {
			f.c.Extra = map[string]string{}
		}
		f.c.Extra[p.Name] = p.Text
	}
	for _, d := range s.Documents {
		f.document(activity.Document{ID: d.ID, URL: d.URL}, d.Type, d.At)
	}
	f.snapshotPayoff(s)
	f.snapshotLetter(s)
}

// finish writes the collected parts into the claim.
func (f *folder) finish() Claim {
	f.writeInfo()
	for _, id := range f.orderIDs {
		f.c.Orders = append(f.c.Orders, *f.orders[id])
	}
	documentTypes := make(map[string]string, len(f.documents))
	for _, id := range f.documentID {
		f.c.Documents = append(f.c.Documents, *f.documents[id])
		documentTypes[id] = f.documents[id].Type
	}
	slices.SortStableFunc(f.c.Documents, func(a, b Document) int { return a.At.Compare(b.At) })
	f.c.Timeline = f.timeline.events(f.orderTypes, documentTypes)
	return f.c
}

func (f *folder) writeInfo() {
	i, c := &f.info, &f.c
	c.Number, c.ExternalID, c.VIN = i.ClaimNumber, i.ExternalID, i.VIN
	c.Vehicle = Vehicle(i.Vehicle)
	c.Lender, c.LenderID = i.LenderName, i.LenderID
	c.Owner = Person{Name: i.OwnerName, Phone: i.OwnerPhone, Address: i.OwnerAddress}
	c.Adjuster = Person{Name: i.AdjusterName, Phone: i.AdjusterPhone, Email: i.AdjusterEmail}
	c.AccountNumber = i.AccountNumber
	c.InsurerType, c.FinanceType = i.InsurerType, i.FinanceType
	c.CauseOfLoss, c.DateOfLoss = i.CauseOfLoss, i.DateOfLoss
	c.Deductible, c.Settlement, c.Odometer = i.Deductible, i.Settlement, i.Odometer
	c.OwnerRetained = i.OwnerRetained
	c.TitleRemittance, c.VehicleLocation = i.TitleRemittance, i.VehicleLocation
}
