package claimcenter

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"/claims":                                     200,
		"/claims/demo_sample:1":                       200,
		"/claims/demo_sample:1/reserve-sets":          200,
		"/claims/demo_sample:1/reserve-sets/cc:17":    200,
		"/claims/demo_sample:1/reserves":              200,
		"/claims/demo_sample:1/reserves/cc:22":        200,
		"/claims/demo_sample:1/reserves/cc:17":        200,
		"/claims/demo_sample:1/reserves/cc:999":       404,
		"/claims/demo_sample:1/reserve-sets/cc:22":    404,
		"/claims/demo_sample:1/payments":              404,
		"/claims/demo_sample:1/reserves/cc:22/x":      404,
		"/claims/demo_sample:2":                       404,
		"/claims/demo_sample:2/reserves":              404,
		"/claims/demo_sample:4":                       404,
		"/claims/none":                                404,
		"/contacts":                                   404,
		"/search/claims-v2":                           405,
		"/claims?pageSize=100":                        200,
		"/claims?pageSize=101":                        400,
		"/claims?pageSize=0":                          400,
		"/claims?pageSize=x":                          400,
		"/claims?pageOffset=-1":                       400,
		"/claims?sort=id":                             400,
		"/claims?filter=claimNumber:eq:x":             200,
		"/claims?filter=claimNumber:eq:TX:2026:0007":  400,
		"/claims?filter=insured:eq:x":                 400,
		"/claims?filter=claimNumber:ni:x":             400,
		"/claims?filter=claimNumber":                  400,
		"/claims?fields=*all":                         200,
		"/claims?fields=id,claimNumber":               200,
		"/claims?fields=id,nonsense":                  400,
		"/claims/demo_sample:1/reserves?fields=*all,": 400,
	} {
		a := newBench(t, Behaviour{}).get(path)
		if a.status != want {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
		if want == 404 && at(a.object(t), "errorCode") != "gw.api.rest.exceptions.NotFoundException" ||
			want == 400 && (at(a.object(t), "errorCode") != "gw.api.rest.exceptions.BadInputException" || at(a.object(t), "details", 0, "message") == nil) {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{}, func(o *Options) { o.Prefix = "cc/" })
	if a := b.get("/claims"); a.status != 200 {
		t.Errorf("%d", a.status)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, root+"/claims", http.NoBody)
	if a := b.send(r); a.status != 404 {
		t.Errorf("without the prefix: %d", a.status)
	}
}

func TestNothingIsWritten(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, root+"/claims/demo_sample:1/reserve-sets", strings.NewReader("{}"))
	r.SetBasicAuth("aapplegate", "gw")
	if a := b.send(r); a.status != 405 || a.header.Get("Allow") != "GET" {
		t.Errorf("%d %v", a.status, a.header)
	}
}

// The walk over all pages sees every row once, whatever the size of the pages.
func TestPages(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{Number: "N", Exposures: make([]ExposureSeed, 30)})
	for _, size := range []int{1, 7, 25, 32, 100} {
		var ids []string
		path := "/claims/" + id + "/reserves?pageSize=" + strconv.Itoa(size)
		for pages := 0; path != "" && pages < 50; pages++ {
			o := b.get(path).object(t)
			rows, _ := at(o, "data").([]any)
			if len(rows) > size || at(o, "count") != float64(len(rows)) {
				t.Fatalf("size %d: %d rows, count %v", size, len(rows), at(o, "count"))
			}
			for _, row := range rows {
				ids = append(ids, at(row, "attributes", "id").(string))
			}
			next, _ := at(o, "links", "next", "href").(string)
			path = strings.TrimPrefix(next, "/claim/v1")
		}
		sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
		if len(ids) != 32 || len(sorted) != 32 {
			t.Errorf("size %d: %d rows, %d of them different", size, len(ids), len(sorted))
		}
	}
	if o := b.get("/claims/" + id + "/reserves?includeTotal=true").object(t); at(o, "total") != float64(32) || at(o, "count") != float64(25) {
		t.Errorf("total %v, count %v", at(o, "total"), at(o, "count"))
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	reserves := "/claims/demo_sample:1/reserves"
	if o := b.get(reserves).object(t); at(o, "data", 0, "attributes", "lineItems") != nil || at(o, "data", 0, "attributes", "reserveLine") == nil {
		t.Error("a list shows more than its summary")
	}
	if o := b.get(reserves + "?fields=*default,lineItems").object(t); at(o, "data", 0, "attributes", "lineItems", 0, "id") != "cc:56" {
		t.Error("a list does not show what is asked for")
	}
	if o := b.get(reserves + "/cc:22").object(t); at(o, "data", "attributes", "lineItems", 0, "id") != "cc:56" || at(o, "data", "checksum") == "" {
		t.Error("an element does not show everything")
	}
	if o := b.get("/claims/demo_sample:1?fields=id").object(t); len(at(o, "data", "attributes").(map[string]any)) != 1 {
		t.Error("an element shows more than what is asked for")
	}
}

func TestFindingClaims(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	filter := func(number string) any {
		return at(b.get("/claims?filter="+url.QueryEscape("claimNumber:eq:"+number)).object(t), "data", 0, "attributes", "id")
	}
	search := func(number string) any {
		return at(b.search(`{"data":{"attributes":{"claimNumber":"`+number+`"}}}`).object(t), "data", 0, "attributes", "id")
	}
	for number, want := range map[string][2]any{
		SampleNumber: {"demo_sample:1", "demo_sample:1"}, UnreadableNumber: {nil, "demo_sample:2"},
		ArchivedNumber: {nil, "demo_sample:4"}, "999": {nil, nil},
	} {
		if got := [2]any{filter(number), search(number)}; got != want {
			t.Errorf("%s: %v", number, got)
		}
	}
	if filter("TX::2026::0007") != "demo_sample:6" {
		t.Error("a doubled colon is not one colon")
	}
	for _, body := range []string{``, `[]`, `{}`, `{"data":{"attributes":{}}}`, `{"data":{"attributes":{"claimNumber":"1","policyNumber":"2"}}}`} {
		if a := b.search(body); a.status != 400 {
			t.Errorf("%s: %d", body, a.status)
		}
	}
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{TokenLifetime: time.Minute}, func(o *Options) {
		o.Bearer = func(token string) bool { return token == "of-another-server" }
	})
	with := func(header string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, root+"/claims", http.NoBody)
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		return b.send(r).status
	}
	good := url.Values{"grant_type": {"client_credentials"}, "client_id": {"demo-client"}, "client_secret": {"demo-secret"}}
	o := b.token(good, nil).object(t)
	token, _ := o["access_token"].(string)
	if o["token_type"] != "Bearer" || o["expires_in"] != float64(60) || b.TokensIssued() != 1 {
		t.Errorf("token answer: %v", o)
	}
	for header, want := range map[string]int{
		"": 401, "Bearer ": 401, "Bearer x": 401, "Bearer " + token: 200, "Bearer of-another-server": 200, "Basic eA==": 401,
		"Basic YWFwcGxlZ2F0ZTpndw==": 200, "Basic YWFwcGxlZ2F0ZTpHVw==": 401, "Token " + token: 401,
	} {
		if got := with(header); got != want {
			t.Errorf("%q: %d", header, got)
		}
	}
	b.clock.forward(time.Minute)
	if got := with("Bearer " + token); got != 401 {
		t.Errorf("an expired token: %d", got)
	}
	b.Change(func(b *Behaviour) { b.BasicRefused = true })
	if got := with("Basic YWFwcGxlZ2F0ZTpndw=="); got != 401 {
		t.Errorf("Basic in production: %d", got)
	}
}

func TestTokenEndpoint(t *testing.T) {
	t.Parallel()
	good := func() url.Values {
		return url.Values{
			"grant_type": {"client_credentials"}, "client_id": {"demo-client"}, "client_secret": {"demo-secret"}, "scope": {"cc.service other"},
		}
	}
	for name, tt := range map[string]struct {
		form   func(url.Values)
		change func(*http.Request)
		status int
		code   any
	}{
		"secret in the form": {status: 200},
		"secret in the header": {
			form:   func(v url.Values) { v.Del("client_id"); v.Del("client_secret") },
			change: func(r *http.Request) { r.SetBasicAuth("demo-client", "demo-secret") }, status: 200,
		},
		"wrong secret": {form: func(v url.Values) { v.Set("client_secret", "x") }, status: 401, code: "invalid_client"},
		"wrong header": {change: func(r *http.Request) { r.SetBasicAuth("demo-client", "x") }, status: 401, code: "invalid_client"},
		"no secret":    {form: func(v url.Values) { v.Del("client_secret") }, status: 401, code: "invalid_client"},
		"grant":        {form: func(v url.Values) { v.Set("grant_type", "password") }, status: 400, code: "unsupported_grant_type"},
		"scope":        {form: func(v url.Values) { v.Set("scope", "other") }, status: 400, code: "invalid_scope"},
		"JSON":         {change: func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, status: 400, code: "invalid_request"},
		"GET":          {change: func(r *http.Request) { r.Method = http.MethodGet }, status: 405, code: "invalid_request"},
	} {
		form := good()
		if tt.form != nil {
			tt.form(form)
		}
		a := newBench(t, Behaviour{}, func(o *Options) { o.Scope = "cc.service" }).token(form, tt.change)
		if a.status != tt.status || at(a.object(t), "error") != tt.code {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := newBench(t, Behaviour{TokenRefused: true}).token(good(), nil); a.status != 401 {
		t.Errorf("refused: %d", a.status)
	}
}
