package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"claimdeck/action"
	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/cli"
	"claimdeck/keymap"
	sandboxlx "claimdeck/sandbox/lossexpress"
)

// route is one request of LossExpress with everything that belongs to it: who calls it, what the service answers, how it
// refuses, the verb of the command line, and where a person finds it in the console.
type route struct {
	number  int
	request string // "POST /claims/{claimId}/orders"
	method  any    // of the client, as (*lossexpress.Client).CreateOrders
	older   bool   // of the older family of webhook routes

	before func(d *desk)                 // what it presupposes; nil: nothing
	call   func(d *desk) (string, error) // calls it by the client; what it understood, in a word
	want   string                        // that word
	answer []string                      // what the service's answer has, as paths into its JSON; nil: it is no JSON
	none   string                        // why the documents name no error; else refusals has them
	fails  []refusal                     // each documented error
	odd    map[int]oddity                // of the general errors, those that mean something else here
	verb   string                        // "order create"
	args   func(d *desk) []string        // after the verb
	place  place
}

// refusal is a documented error: how it comes about, and how it arrives.
type refusal struct {
	status int
	words  string
	kind   error
	how    func(d *desk) error // a real request; nil: by a fault switch
}

// oddity is what a general error means to a route.
type oddity struct {
	kind error // nil: it is no error
}

// place is where the console has a route: exactly one of form, asks and keys.
type place struct {
	form string                 // the action whose form sends it
	asks string                 // the action whose form asks the service for it
	with func(d *desk) []string // the arguments with which asks does
	keys []keymap.ID            // of a screen
}

// everyRoute runs a check on every route.
func everyRoute(t *testing.T, check func(t *testing.T, r route)) {
	t.Helper()
	for _, r := range routes() {
		t.Run(fmt.Sprintf("%02d %s", r.number, strings.ReplaceAll(r.request, "/", "_")), func(t *testing.T) {
			t.Parallel()
			check(t, r)
		})
	}
}

// desk is a desk on which the route can be called.
func (r route) desk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	if r.older {
		d.service.Change(func(b *sandboxlx.Behaviour) { b.WebhookRoutes = sandboxlx.WebhookCarriers })
	}
	if r.before != nil {
		r.before(d)
	}
	return d
}

// Every documented route is in the table with all of its parts, every documented error too, and every method of the client
// that asks the service for something.
func TestRoutesAreComplete(t *testing.T) {
	t.Parallel()
	table := map[string]route{}
	called := map[string]bool{}
	for _, r := range routes() {
		if _, twice := table[r.request]; twice {
			t.Errorf("%s is there twice", r.request)
		}
		table[r.request] = r
		called[methodName(r.method)] = true
		r.whole(t)
	}
	for _, want := range documented() {
		for _, request := range want.requests {
			r, ok := table[request]
			if !ok || r.number != want.number {
				t.Errorf("route %d, %s, is not in the table", want.number, request)
				continue
			}
			delete(table, request)
			r.refusesAll(t, want)
		}
	}
	for request := range table {
		t.Errorf("%s is not documented", request)
	}
	client := reflect.TypeFor[*lossexpress.Client]()
	quiet := []string{"Base", "Close", "Tokens"} // these ask nobody
	for m := range client.Methods() {
		if !slices.Contains(quiet, m.Name) && !called[m.Name] {
			t.Errorf("the client's %s is not in the table", m.Name)
		}
	}
}

// whole reports the parts that a route lacks.
func (r route) whole(t *testing.T) {
	t.Helper()
	places := 0
	for _, has := range []bool{r.place.form != "", r.place.asks != "", len(r.place.keys) > 0} {
		if has {
			places++
		}
	}
	if r.call == nil || r.want == "" || r.verb == "" || r.args == nil || places != 1 || (r.none == "") == (len(r.fails) == 0) {
		t.Errorf("route %d, %s, is not whole", r.number, r.request)
	}
}

// refusesAll reports the documented errors that no row produces.
func (r route) refusesAll(t *testing.T, want documentedRoute) {
	t.Helper()
	for _, status := range want.errors {
		if !slices.ContainsFunc(r.fails, func(f refusal) bool { return f.status == status }) {
			t.Errorf("route %d, %s: no %d", r.number, r.request, status)
		}
	}
	if want.words != "" && !slices.ContainsFunc(r.fails, func(f refusal) bool { return f.words == want.words && f.how != nil }) {
		t.Errorf("route %d, %s: nothing says %q", r.number, r.request, want.words)
	}
}

// methodName is the name of a method, given as (*T).Name.
func methodName(method any) string {
	name := runtime.FuncForPC(reflect.ValueOf(method).Pointer()).Name()
	return name[strings.LastIndexByte(name, '.')+1:]
}

// The client calls the route, the sandbox answers as it is documented, and the client understands it.
func TestRouteCalls(t *testing.T) {
	t.Parallel()
	everyRoute(t, func(t *testing.T, r route) {
		d := r.desk(t)
		got, err := r.call(d)
		if err != nil || got != r.want {
			t.Fatalf("understood %q, want %q; %v", got, r.want, err)
		}
		x, ok := d.wire.seen(r.request)
		if !ok || x.status/100 != 2 {
			t.Fatalf("asked %v, status %d", ok, x.status)
		}
		if r.answer == nil {
			return
		}
		var body any
		if err := json.Unmarshal(x.answer, &body); err != nil {
			t.Fatalf("%v in %s", err, x.answer)
		}
		for _, path := range r.answer {
			if _, ok := member(body, path); !ok {
				t.Errorf("no %s in %s", path, x.answer)
			}
		}
	})
}

// faults are the statuses that the sandbox answers on request.
func faults() map[int]sandboxlx.FaultKind {
	return map[int]sandboxlx.FaultKind{
		401: sandboxlx.FaultUnauthorized, 403: sandboxlx.FaultForbidden, 404: sandboxlx.FaultNotFound, 405: sandboxlx.FaultMethodNotAllowed,
		406: sandboxlx.FaultNotAcceptable, 500: sandboxlx.FaultServerError, 503: sandboxlx.FaultUnavailable,
	}
}

// broken calls the route while the service answers it with a status.
func (r route) broken(d *desk, status int) error {
	d.service.Inject(sandboxlx.Fault{Kind: faults()[status], Times: -1, Match: func(q *http.Request) bool {
		return (q.URL.Path == "/oauth/token") == (r.number == 1)
	}})
	defer d.service.ClearFaults()
	_, err := r.call(d)
	return err
}

// Each documented error arrives as what it is, in the service's words: by a real request where the sandbox refuses it
// itself.
func TestRouteRefusals(t *testing.T) {
	t.Parallel()
	everyRoute(t, func(t *testing.T, r route) {
		for _, f := range r.fails {
			d := newDesk(t)
			if f.how == nil {
				d = r.desk(t)
				f.judge(t, r.broken(d, f.status))
				continue
			}
			if r.older {
				d.service.Change(func(b *sandboxlx.Behaviour) { b.WebhookRoutes = sandboxlx.WebhookCarriers })
			}
			d.wire.seen("")
			f.judge(t, f.how(d))
			if x, ok := d.wire.seen(r.request); ok && x.status != f.status {
				t.Errorf("%d %q: the service answered %d %s", f.status, f.words, x.status, x.answer)
			}
		}
	})
}

func (f refusal) judge(t *testing.T, err error) {
	t.Helper()
	e, ok := api.AsError(err)
	if !ok || e.Status != f.status || !errors.Is(err, f.kind) || !strings.Contains(e.Message, f.words) {
		t.Errorf("got %v (%+v), want %d %v %q", err, e, f.status, f.kind, f.words)
	}
}

// general are the errors that any route may answer (remote document: Errors).
func general() []refusal {
	return []refusal{
		{401, "The provided token has expired.", api.ErrUnauthorized, nil},
		{403, "This claim is not available during testing.", api.ErrForbidden, nil},
		{404, "the service does not know this", api.ErrNotFound, nil},
		{405, "the service does not offer this", api.ErrUnsupported, nil},
		{406, "406 Not Acceptable", api.ErrUnsupported, nil},
		{500, "An internal server error occurred", api.ErrUnavailable, nil},
		{503, "temporarily offline for maintenance", api.ErrUnavailable, nil},
	}
}

// The errors that any route may answer arrive as what they are, and a write is never taken for done or not done when that
// is not known.
func TestRouteGeneralErrors(t *testing.T) {
	t.Parallel()
	everyRoute(t, func(t *testing.T, r route) {
		d := r.desk(t)
		for _, f := range general() {
			err := r.broken(d, f.status)
			if odd, ok := r.odd[f.status]; ok {
				if f.kind = odd.kind; f.kind == nil {
					if err != nil {
						t.Errorf("%d is an error: %v", f.status, err)
					}
					continue
				}
			}
			f.judge(t, err)
			e, _ := api.AsError(err)
			if e != nil && (e.Uncertain() != (f.status >= 500) || e.NotSent()) {
				t.Errorf("%d: uncertain %v, not sent %v", f.status, e.Uncertain(), e.NotSent())
			}
		}
	})
}

// The verb is in the tree of commands, and calls the route.
func TestRouteVerbs(t *testing.T) {
	t.Parallel()
	tree := (&cli.Program{Env: os.LookupEnv}).Examples()
	everyRoute(t, func(t *testing.T, r route) {
		if _, ok := tree["claimdeck "+r.verb]; !ok {
			t.Fatalf("there is no claimdeck %s", r.verb)
		}
		d := r.desk(t)
		d.wire.seen("")
		d.run(0, r.command(d)...)
		if x, ok := d.wire.seen(r.request); !ok || x.status/100 != 2 {
			t.Errorf("claimdeck %s asked for it: %v, status %d", r.verb, ok, x.status)
		}
	})
}

func (r route) command(d *desk) []string { return slices.Concat(strings.Fields(r.verb), r.args(d)) }

// The console has a place for the route: a form whose preview is the request, a form that asks it, or a key of a screen.
func TestRoutePlaces(t *testing.T) {
	t.Parallel()
	acts, keys := action.New(action.Deps{Flavour: action.Vendor}), keymap.Default()
	everyRoute(t, func(t *testing.T, r route) {
		for _, id := range r.place.keys {
			if keys.Text(id) == "" {
				t.Errorf("there is no %s in the key map", id)
			}
		}
		id := r.place.form + r.place.asks
		if _, ok := acts.Get(id); id != "" && (!ok || keys.Text(keymap.ID(id)) == "") {
			t.Fatalf("there is no action %s, or no line of it in the palette", id)
		}
		switch {
		case r.place.form != "":
			r.previews(t)
		case r.place.asks != "":
			d := r.desk(t)
			d.wire.seen("")
			d.run(0, slices.Concat(strings.Split(id, "."), r.place.with(d))...)
			if _, ok := d.wire.seen(r.request); !ok {
				t.Errorf("%s does not ask for it", id)
			}
		}
	})
}

// previews checks that the form's request is the route's. The command line shows it as the form does.
func (r route) previews(t *testing.T) {
	t.Helper()
	if words := strings.ReplaceAll(r.place.form, ".", " "); words != r.verb {
		t.Fatalf("claimdeck %s is not the verb of %s", r.verb, r.place.form)
	}
	d := r.desk(t)
	before := len(d.service.Writes())
	out, _ := d.run(0, append(r.command(d), "--dry-run", "--json")...)
	var shown struct{ Method, Path string }
	if err := json.Unmarshal([]byte(out), &shown); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if request := strings.Replace(r.request, "/carriers/webhook", "/activities/webhook", 1); !is(request, shown.Method, shown.Path) {
		t.Errorf("%s shows %s %s", r.place.form, shown.Method, shown.Path)
	}
	if len(d.service.Writes()) != before {
		t.Error("the preview was sent")
	}
}
