package signin_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/oauth2"

	"claimdeck/api/signin"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service gives out numbered tokens; its clock is that of a synctest bubble.
type service struct {
	life  time.Duration // of a token; 0: not known
	err   error
	hold  chan struct{} // a call waits for it, or for its end; nil: it does not
	calls int
}

func (s *service) fetch(ctx context.Context) (*oauth2.Token, error) {
	s.calls++
	t := &oauth2.Token{AccessToken: fmt.Sprint("token ", s.calls)}
	if s.hold != nil {
		select {
		case <-s.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	signin.Date(t, time.Now(), s.life)
	return t, s.err
}

func (s *service) cache(undated bool) *signin.Cache {
	return &signin.Cache{Now: time.Now, Fetch: s.fetch, Undated: undated}
}

func text(t *testing.T, c *signin.Cache) string {
	t.Helper()
	tok, err := c.Token()
	if err != nil {
		t.Fatal(err)
	}
	return tok.AccessToken
}

// A token is renewed half a minute before its end, or a tenth of its life if that is shorter.
func TestRenewedInTime(t *testing.T) {
	t.Parallel()
	for life, used := range map[time.Duration]time.Duration{
		time.Hour: time.Hour - 30*time.Second, 100 * time.Second: 90 * time.Second, 10 * time.Second: 9 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{life: life}
			c := s.cache(false)
			first := text(t, c)
			time.Sleep(used - time.Nanosecond)
			if text(t, c) != first {
				t.Errorf("%v: renewed too early", life)
			}
			time.Sleep(time.Nanosecond)
			if text(t, c) == first || s.calls != 2 {
				t.Errorf("%v: not renewed, %d calls", life, s.calls)
			}
		})
	}
}

func TestUndated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for keep, want := range map[bool]int{true: 1, false: 2} {
			s := &service{}
			c := s.cache(keep)
			text(t, c)
			time.Sleep(1000 * time.Hour)
			text(t, c)
			if s.calls != want {
				t.Errorf("kept %t: %d calls", keep, s.calls)
			}
		}
	})
}

// Only the token in use is forgotten, and tokens of the same text are not the same token.
func TestForget(t *testing.T) {
	t.Parallel()
	s := &service{}
	c := s.cache(true)
	first, err := c.Token()
	if err != nil {
		t.Fatal(err)
	}
	same := *first
	c.Forget(&same)
	if again, err := c.Token(); err != nil || again != first {
		t.Errorf("forgotten for another: %v %v", again, err)
	}
	c.Forget(first)
	second, err := c.Token()
	if err != nil || second == first {
		t.Errorf("not forgotten: %v %v", second, err)
	}
	c.Forget(first) // by a slower one
	if again, err := c.Token(); err != nil || again != second || s.calls != 2 {
		t.Errorf("%v %v after %d calls", again, err, s.calls)
	}
}

// Those who wait for one call share its result, also a failure; whoever comes later asks again.
func TestOneCallForMany(t *testing.T) {
	t.Parallel()
	for _, fails := range []error{nil, errors.New("locked")} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{hold: make(chan struct{}), err: fails}
			c := s.cache(false)
			type result struct {
				token *oauth2.Token
				err   error
			}
			got := make(chan result, 8)
			for range cap(got) {
				go func() {
					tok, err := c.Token()
					got <- result{tok, err}
				}()
			}
			synctest.Wait()
			close(s.hold)
			first := <-got
			for range cap(got) - 1 {
				if next := <-got; next != first {
					t.Errorf("%+v and %+v", first, next)
				}
			}
			if s.calls != 1 || !errors.Is(first.err, fails) {
				t.Errorf("%v after %d calls", first.err, s.calls)
			}
			s.err = nil
			if later := text(t, c); later != "token 2" {
				t.Errorf("%s after a failure", later)
			}
		})
	}
}

// Who gives up does not take the token from those who go on waiting; when nobody waits any more, the call ends, and the
// next one who asks begins a new one.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		c := s.cache(true)
		ask := func() (giveUp func(), result chan error) {
			ctx, cancel := context.WithCancel(t.Context())
			result = make(chan error, 1)
			go func() {
				_, err := c.TokenContext(ctx)
				result <- err
			}()
			synctest.Wait()
			return cancel, result
		}
		leaves, left := ask()
		stays, stayed := ask()
		leaves()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		synctest.Wait()
		s.hold <- struct{}{}
		if err := <-stayed; err != nil || s.calls != 1 {
			t.Errorf("%v after %d calls", err, s.calls)
		}
		stays()

		tok, err := c.Token()
		if err != nil {
			t.Fatal(err)
		}
		c.Forget(tok)
		leaves, left = ask()
		leaves()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		synctest.Wait() // the abandoned call ends: a bubble does not close over a call that goes on
		close(s.hold)
		if again := text(t, c); again != "token 3" {
			t.Errorf("%s after a call that was given up", again)
		}
	})
}
