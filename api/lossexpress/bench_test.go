package lossexpress_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

// BenchmarkPage reads pages of 500 activities over loopback HTTP.
func BenchmarkPage(b *testing.B) {
	row := `{"activityId":"fed62fa0-c048-46b5-b994-6e3e69fb0f37","createdAt":"2021-01-08T22:03:09.598Z","claimId":"c30ae9da-9222-4de5-81fe-fe1ac590fa0f",` +
		`"type":"direct-message-added","claimNumber":"EXAMPLE3","data":{"sentByLossExpress":true,"message":"` + strings.Repeat("words ", 60) + `"}}`
	page := `{"results":[` + strings.Repeat(row+",", 499) + row + `],"pagination":{"pageSize":500,"page":0,"totalPages":1,"totalResults":500}}`
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth/token" {
			_, _ = io.WriteString(w, `"a-token"`)
			return
		}
		_, _ = io.WriteString(w, page)
	}))
	defer s.Close()
	c, err := lossexpress.New(lossexpress.Options{
		BaseURL:     s.URL,
		Credentials: func(context.Context) (string, string, error) { return "id", "secret", nil },
		API:         api.Options{Now: time.Now, Rate: rate.Inf},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		p, err := c.Activities(b.Context(), lossexpress.ActivityQuery{PageSize: 500})
		if err != nil || len(p.Results) != 500 {
			b.Fatalf("%d results, %v", len(p.Results), err)
		}
	}
}
