package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"claimdeck/api"
)

const opClock = "read the clock"

// Skew asks the token server what time it is and returns how far the clock of this machine is ahead of it, to the
// second; negative: behind. Nothing secret is sent: any answer has a Date header, a refusal too. An assertion is good
// for a minute, so that a difference of half of that is worth a warning.
func (t *Tokens) Skew(ctx context.Context) (time.Duration, error) {
	w := &witness{next: t.http.Transport, agent: t.o.API.UserAgent}
	req, err := http.NewRequestWithContext(w.Watch(ctx), http.MethodHead, t.o.TokenURL, nil)
	if err != nil {
		return 0, &api.Error{System: t.o.System, Op: opClock, Kind: api.ErrInvalid, Message: "the address cannot be asked", Err: err}
	}
	asked := t.o.API.Now()
	client := *t.http
	client.Transport = w
	resp, err := client.Do(req)
	if err != nil {
		return 0, api.NoAnswer(ctx, t.o.System, opClock, t.host, err, w.Sent())
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxNote)) // only the header counts
	answered := t.o.API.Now()
	ahead, ok := aheadOf(resp.Header, asked.Add(answered.Sub(asked)/2))
	if !ok {
		return 0, &api.Error{
			System: t.o.System, Op: opClock, Status: resp.StatusCode, Sent: true, Kind: api.ErrBadResponse,
			Message: "the token server does not say what time it is", Err: errNoDate,
		}
	}
	return ahead, nil
}

var errNoDate = errors.New("the answer has no Date header")

// aheadOf returns how far now is ahead of the Date header, which names the second that is running.
func aheadOf(h http.Header, now time.Time) (time.Duration, bool) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0, false
	}
	return now.Truncate(time.Second).Sub(date), true
}

// worrying is a difference of the clocks that can be the reason why an assertion is refused.
const worrying = 30 * time.Second

// clockWords says that the clocks differ; "" when they do not, or when it is not known.
func clockWords(h http.Header, now time.Time) string {
	ahead, ok := aheadOf(h, now)
	switch {
	case !ok || ahead.Abs() < worrying:
		return ""
	case ahead > 0:
		return fmt.Sprintf("the clock of this machine is %v ahead of the service's: set it right", ahead)
	default:
		return fmt.Sprintf("the clock of this machine is %v behind the service's: set it right", ahead.Abs())
	}
}
