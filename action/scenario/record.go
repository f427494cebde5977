package scenario

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"claimdeck/action"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// Recording is what a person did, to be made a scenario of.
type Recording struct {
	Name    string
	Since   time.Time
	Entries []outbox.Entry // what went through the outbox since then
	Fired   []Fired        // test VINs and triggers since then
	// Activities are all stored ones of every claim that Entries and Fired name, by claim id.
	Activities map[string][]activity.Activity
	Actions    Actions // to know which fields are documents
}

// errNothing is a recording without anything in it.
var errNothing = errors.New("nothing was done in that time that can be recorded: orders, requests, answers, documents, messages, triggers and test VINs are; look further back with --since 1h")

// Record writes a scenario that does what a person did, claim by claim, and expects what came of it. A claim that was
// there before is made anew with the documents and orders that the person's acts needed. Names, account numbers and
// addresses are not recorded: the template's stand in for them.
func Record(rec Recording) ([]byte, error) {
	w := &recorder{rec: rec}
	w.line("name = %s", quote(rec.Name))
	w.line("about = %s", quote("Recorded from what was done since "+rec.Since.UTC().Format("2006-01-02 15:04")+" UTC."))
	for _, id := range rec.claims() {
		w.claim(id)
	}
	if w.steps == 0 {
		return nil, errNothing
	}
	sc, err := Parse(rec.Name+".toml", w.out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("what was recorded is no scenario: %w", err)
	}
	if rec.Actions != nil {
		if err := sc.known(rec.Actions); err != nil {
			return nil, fmt.Errorf("what was recorded is no scenario: %w", err)
		}
	}
	return w.out.Bytes(), nil
}

// deed is one thing that was done: an entry or something fired.
type deed struct {
	at    time.Time
	entry *outbox.Entry
	fired *Fired
}

func (d deed) claimID() string {
	if d.entry != nil {
		return action.ClaimIDOf(*d.entry)
	}
	return d.fired.ClaimID
}

// deeds are all that was done, oldest first.
func (rec Recording) deeds() []deed {
	var all []deed
	for i := range rec.Entries {
		all = append(all, deed{at: rec.Entries[i].CreatedAt, entry: &rec.Entries[i]})
	}
	for i := range rec.Fired {
		all = append(all, deed{at: rec.Fired[i].At, fired: &rec.Fired[i]})
	}
	slices.SortStableFunc(all, func(a, b deed) int { return a.at.Compare(b.at) })
	return all
}

// claims are those that something was done on, in the order of the first deed.
func (rec Recording) claims() []string {
	var ids []string
	for _, d := range rec.deeds() {
		if id := d.claimID(); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// recorder writes a scenario.
type recorder struct {
	rec    Recording
	out    bytes.Buffer
	steps  int
	acts   []activity.Activity // of the claim, oldest first
	orders map[string]int      // orderId of the claim -> N of ${order.N}
	placed int                 // orders of the whole scenario so far
	seen   map[activity.Key]bool
}

func (w *recorder) line(format string, args ...any) { fmt.Fprintf(&w.out, format+"\n", args...) }

// step begins a [[step]].
func (w *recorder) step(k Kind, what string) {
	w.line("\n[[step]]\n%s = %s", k, quote(what))
	w.steps++
}

// claim writes everything about one claim.
func (w *recorder) claim(id string) {
	w.acts = slices.Clone(w.rec.Activities[id])
	slices.SortStableFunc(w.acts, func(a, b activity.Activity) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), bytes.Compare(a.Key[:], b.Key[:]))
	})
	w.orders, w.seen = map[string]int{}, map[activity.Key]bool{}
	var deeds []deed
	for _, d := range w.rec.deeds() {
		if d.claimID() == id {
			deeds = append(deeds, d)
		}
	}
	w.create(deeds)
	w.needs(deeds)
	for _, d := range deeds {
		if d.fired != nil {
			w.fire(*d.fired)
		} else {
			w.act(*d.entry)
		}
	}
}

// keptFields are the fields of a claim that are recorded: those that decide what happens, and none that names a person.
func keptFields() []string {
	return []string{"causeOfLoss", "deductible", "financeType", "insurerType", "odometer", "settlementAmount"}
}

// create makes the claim as it was made, with invented people.
func (w *recorder) create(deeds []deed) {
	vin, fields := plainVIN, []string(nil)
	for i := range w.acts {
		a := &w.acts[i]
		if a.Type != activity.ClaimCreated {
			continue
		}
		w.seen[a.Key] = true
		doc, err := readDocument(a.Raw)
		if err != nil {
			continue
		}
		if values := doc.at("data.vin"); len(values) > 0 && len(plainText(values[0])) == vinLength {
			vin = plainText(values[0])
		}
		for _, name := range keptFields() {
			if values := doc.at("data." + name); len(values) > 0 {
				fields = append(fields, name+" = "+literal(values[0]))
			}
		}
	}
	e, test := FindVIN(vin)
	switch {
	case test:
		vin = e.Name
	case vin == quietVIN:
		vin = plainVIN
	}
	w.step(Create, vin)
	if len(fields) > 0 {
		w.line("fields = {%s}", strings.Join(fields, ", "))
	}
	if test && slices.ContainsFunc(deeds, makesClaim) {
		w.await(e.Activity)
	}
}

// makesClaim reports whether the claim itself was created by the deed.
func makesClaim(d deed) bool {
	return d.fired != nil && d.fired.VIN != "" || d.entry != nil && d.entry.ClaimID == ""
}

// await expects an activity that came, when one did that no step has taken yet.
func (w *recorder) await(t activity.Type) {
	for i := range w.acts {
		a := &w.acts[i]
		if a.Type == t && !w.seen[a.Key] {
			w.seen[a.Key] = true
			w.step(Wait, string(t))
			return
		}
	}
}

// before are the activities of a claim that was there before the first deed.
func (w *recorder) before(deeds []deed) []activity.Activity {
	if len(deeds) == 0 || slices.ContainsFunc(deeds, makesClaim) {
		return nil
	}
	const margin = time.Second // the service's clock and ours
	return slices.DeleteFunc(slices.Clone(w.acts), func(a activity.Activity) bool {
		return !a.CreatedAt.Before(deeds[0].at.Add(-margin))
	})
}

// needs makes what was on the claim before, as far as the deeds need it.
func (w *recorder) needs(deeds []deed) {
	before := w.before(deeds)
	need := func(prefix string) bool {
		return slices.ContainsFunc(deeds, func(d deed) bool { return d.entry != nil && strings.HasPrefix(d.entry.Action, prefix) })
	}
	for i := range before {
		a := &before[i]
		w.seen[a.Key] = true
		switch d := a.Data.(type) {
		case activity.NewDocument:
			if (need("payoff.") || need("guarantee.") || need("order.")) && d.DocType != "" {
				w.step(Upload, escape(d.DocType))
			}
		case activity.NewOrder:
			if mentions(deeds, d.OrderID) {
				w.step(Act, "order.create")
				w.line("values = {types = [%s]}", quote(escape(d.OrderType)))
				w.order(d.OrderID)
			}
		case activity.Counter:
			if need("counter.") {
				w.fireType(activity.SettlementCounterAdded)
			}
		}
	}
	w.pending(before, activity.PayoffRequestCreated, "payoff.request", need("payoff.cancel"))
	w.pending(before, activity.LetterOfGuaranteeRequestCreated, "guarantee.request", need("guarantee.cancel"))
}

// pending makes a request that was there before, where a deed cancels it.
func (w *recorder) pending(before []activity.Activity, t activity.Type, act string, needed bool) {
	if needed && slices.ContainsFunc(before, func(a activity.Activity) bool { return a.Type == t }) {
		w.step(Act, act)
	}
}

// mentions reports whether a deed names an id in what was typed.
func mentions(deeds []deed, id string) bool {
	return id != "" && slices.ContainsFunc(deeds, func(d deed) bool {
		return d.entry != nil && bytes.Contains(d.entry.Input, []byte(id))
	})
}

func (w *recorder) order(id string) {
	w.orders[id] = w.placed
	w.placed++
}

// fire repeats a trigger; a test VIN was repeated when the claim was made.
func (w *recorder) fire(f Fired) {
	if f.Trigger == "" {
		return
	}
	w.step(Trigger, f.Trigger)
	w.await(activity.Type(f.Trigger))
}

// fireType makes LossExpress do what it did before the recording.
func (w *recorder) fireType(t activity.Type) {
	w.step(Trigger, string(t))
	w.step(Wait, string(t))
}

// act repeats a write, and expects what confirmed it or how it was refused.
func (w *recorder) act(e outbox.Entry) {
	if e.ClaimID == "" {
		return // it made the claim
	}
	switch e.State {
	case outbox.Accepted, outbox.Confirmed, outbox.Rejected:
	default:
		w.line("\n# left out, because it was %s: %s", e.State, strings.ReplaceAll(e.Title, "\n", " "))
		return
	}
	if e.Problem != nil && e.State == outbox.Rejected && e.Problem.NotSent {
		w.line("\n# left out, because it was not sent: %s", strings.ReplaceAll(e.Title, "\n", " "))
		return
	}
	w.step(Act, e.Action)
	w.values(e)
	if e.State == outbox.Rejected {
		if p := e.Problem; p != nil {
			w.line("refused = {status = %d, text = %s}", p.Status, quote(escape(p.Message)))
		}
		return
	}
	w.learn(e.Answer)
	for _, key := range e.ConfirmedBy {
		for i := range w.acts {
			if a := &w.acts[i]; a.Key == key && !w.seen[key] {
				w.seen[key] = true
				w.step(Wait, string(a.Type))
			}
		}
	}
}

// learn takes the ids of orders from an answer, in the order in which a run counts them.
func (w *recorder) learn(raw json.RawMessage) {
	doc, err := readDocument(raw)
	if err != nil {
		return
	}
	for _, v := range doc.at("orders[*].orderId") {
		w.order(plainText(v))
	}
}

// values writes what was typed: a document becomes a generated one, the id of an order the variable that holds it.
func (w *recorder) values(e outbox.Entry) {
	typed, err := action.DecodeInput(e.Input)
	if err != nil || len(typed) == 0 {
		return
	}
	files := map[string]bool{}
	if w.rec.Actions != nil {
		a, _ := w.rec.Actions.Get(e.Action)
		for _, f := range a.Fields {
			files[f.Name] = f.Kind == action.File
		}
	}
	var fields []string
	for name, list := range typed {
		var items []string
		for _, v := range list {
			n, known := w.orders[v]
			switch {
			case files[name]:
				v = "${" + varPDF + "}"
			case known:
				v = fmt.Sprintf("${order.%d}", n)
			default:
				v = escape(v)
			}
			items = append(items, quote(v))
		}
		if len(items) > 0 {
			fields = append(fields, name+" = ["+strings.Join(items, ", ")+"]")
		}
	}
	if len(fields) > 0 {
		slices.Sort(fields)
		w.line("values = {%s}", strings.Join(fields, ", "))
	}
}

// escape keeps text from being taken for a variable.
func escape(s string) string { return strings.ReplaceAll(s, "${", "$${") }

// quote is a text as TOML writes it: a JSON string is one.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // a string can always be encoded
	}
	return strings.ReplaceAll(strings.TrimSpace(b.String()), "\x7f", `\u007f`)
}

// literal is a value of the service as TOML writes it.
func literal(v any) string {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case bool:
		return plainText(v)
	}
	return quote(escape(plainText(v)))
}
