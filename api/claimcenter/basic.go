package claimcenter

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/signin"
)

// refusalRest is how long a refused user and password are not sent again. Each refusal counts against the account,
// and a console that asks by itself would lock it.
const refusalRest = 30 * time.Second

// basic makes the credentials of the Basic scheme look like a token, so that the transport keeps them to their own
// origin and hides them in errors. It is no better than a password, and is for development only (remote document:
// Basic authentication).
type basic struct {
	credentials func(ctx context.Context) (id, secret string, err error)
	now         func() time.Time

	mu      sync.Mutex
	refused string // what the service did not accept
	until   time.Time
}

var _ api.TokenSource = (*basic)(nil)

// basicHeader is api.Options.Authorize for basic.
func basicHeader(r *http.Request, t *oauth2.Token) {
	r.Header.Set("Authorization", "Basic "+t.AccessToken)
}

// Token is TokenContext without a way to give up.
func (b *basic) Token() (*oauth2.Token, error) { return b.TokenContext(context.Background()) }

// TokenContext returns user and password as they stand in the header. The same ones that were just refused are an
// error: the transport's second try would only bring the account nearer to being locked.
func (b *basic) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	const what = "user and password"
	id, secret, err := signin.Read(ctx, System, what, b.credentials)
	switch {
	case err != nil:
		return nil, err
	case id == "" || secret == "":
		return nil, signin.Unset(System, what)
	case strings.Contains(id, ":"):
		return nil, signin.Failed(System, "a user name with a colon cannot be sent by Basic: check the user name", nil)
	}
	header := base64.StdEncoding.EncodeToString([]byte(id + ":" + secret))
	b.mu.Lock()
	defer b.mu.Unlock()
	if header == b.refused && b.now().Before(b.until) {
		return nil, &api.Error{
			System: System, Op: signin.Op, Status: http.StatusUnauthorized, Kind: api.ErrUnauthorized,
			Message: "user or password refused: check both (they are not sent again for half a minute, so that the account " +
				"is not locked); production systems take no Basic sign-in: set up OAuth there",
		}
	}
	return &oauth2.Token{AccessToken: header, TokenType: "Basic"}, nil
}

// Forget remembers what was refused.
func (b *basic) Forget(t *oauth2.Token) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused, b.until = t.AccessToken, b.now().Add(refusalRest)
}
