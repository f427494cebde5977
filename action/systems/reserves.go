package systems

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"claimdeck/api"
	"claimdeck/api/claimcenter"
	"claimdeck/api/oauth"
	"claimdeck/state/config"
	"claimdeck/state/reserve"
	"claimdeck/state/side"
)

// Reserves are the reserves of claims at ClaimCenter, read and remembered.
type Reserves struct {
	client *claimcenter.Client
	memory side.Memory
	now    func() time.Time
	tokens *oauth.Tokens // nil: user and password
}

func openReserves(o Options) (*Reserves, error) {
	account := o.Profile.ClaimCenter
	r := &Reserves{memory: o.Memory, now: o.Now}
	settings := claimcenter.Options{BaseURL: account.URL, API: o.transport()}
	if account.Auth == "basic" {
		settings.Credentials = o.Credentials(config.ClaimCenter)
	} else {
		if account.TokenURL == "" {
			return nil, errors.New("ClaimCenter: the address that gives out tokens is missing: claimdeck login claimcenter --set token_url=https://HUB/oauth2/ID/v1/token")
		}
		var err error
		r.tokens, err = oauth.New(oauth.Options{
			System: claimcenter.System, TokenURL: account.TokenURL, Scopes: strings.Fields(account.Scope),
			Credentials: o.Credentials(config.ClaimCenter), API: o.transport(),
		})
		if err != nil {
			return nil, err
		}
		settings.Tokens = r.tokens
	}
	var err error
	if r.client, err = claimcenter.New(settings); err != nil {
		return nil, err
	}
	return r, nil
}

// View is what is known of the reserves of a claim without asking anybody.
type View struct {
	Link      side.Link    // to the claim at ClaimCenter; zero: not linked yet
	Book      reserve.Book // as it was read last; its At is zero when it never was
	Problem   string       // why it could not be read again; empty: it could
	ProblemAt time.Time
}

// Known reports whether there is a book.
func (v View) Known() bool { return !v.Book.At.IsZero() }

// Stored returns what is remembered of a claim. It does not ask ClaimCenter.
func (r *Reserves) Stored(ctx context.Context, claimID string) (View, error) {
	var v View
	var err error
	if v.Link, _, err = r.memory.Link(ctx, claimID, side.ClaimCenter); err != nil {
		return v, err
	}
	c, found, err := r.memory.Cached(ctx, claimID, side.ClaimCenter)
	if err != nil || !found {
		return v, err
	}
	v.Problem, v.ProblemAt = c.Problem, c.ProblemAt
	if len(c.Raw) == 0 {
		return v, nil
	}
	if v.Book, err = reserve.Decode(c.Raw); err != nil {
		v.Book, v.Problem = reserve.Book{}, err.Error()
	}
	return v, nil
}

// Book returns the reserves of a claim as they were read last; false when they never were.
func (r *Reserves) Book(ctx context.Context, claimID string) (reserve.Book, bool, error) {
	v, err := r.Stored(ctx, claimID)
	return v.Book, v.Known(), err
}

// Refresh reads the reserves of a claim from ClaimCenter and remembers them. A claim that is not linked is looked for by
// its number. What cannot be read is remembered as the problem, and returned; the book of before stays.
func (r *Reserves) Refresh(ctx context.Context, claimID, number string) (View, error) {
	book, err := r.read(ctx, claimID, number)
	if err != nil {
		if ctx.Err() == nil {
			note := side.Cached{ClaimID: claimID, System: side.ClaimCenter, Problem: problemOf(err), ProblemAt: r.now()}
			err = errors.Join(err, r.memory.SaveCached(ctx, note))
		}
		v, stored := r.Stored(ctx, claimID)
		return v, errors.Join(err, stored)
	}
	raw, err := book.Encode()
	if err != nil {
		return View{}, err
	}
	if err := r.memory.SaveCached(ctx, side.Cached{ClaimID: claimID, System: side.ClaimCenter, At: book.At, Raw: json.RawMessage(raw)}); err != nil {
		return View{}, err
	}
	return r.Stored(ctx, claimID)
}

// problemOf is why the reserves could not be read, with the remedy, for where it is plain that it is about ClaimCenter.
func problemOf(err error) string {
	e, ok := api.AsError(err)
	if !ok || e.Message == "" {
		return err.Error()
	}
	remedy := ""
	switch {
	case SignedOut(err):
		remedy = "claimdeck login claimcenter"
	case errors.Is(e, api.ErrUnreachable), errors.Is(e, api.ErrInterrupted):
		remedy = "claimdeck doctor looks into it"
	}
	if remedy == "" || strings.Contains(e.Message, remedy) {
		return e.Message
	}
	return strings.TrimRight(e.Message, ". ") + "; " + remedy
}

// Link ties a claim to the id that a person gave, after a look at what is there.
func (r *Reserves) Link(ctx context.Context, claimID, ref string) (number string, err error) {
	ref = strings.TrimSpace(ref)
	found, err := r.client.Claim(ctx, ref)
	if err != nil {
		return "", err
	}
	return found.Number, r.memory.SaveLink(ctx, side.Link{
		ClaimID: claimID, System: side.ClaimCenter, Ref: ref, How: side.ByPerson, At: r.now(),
	})
}

// Unlink forgets the link and what was read through it.
func (r *Reserves) Unlink(ctx context.Context, claimID string) error {
	return r.memory.DropLink(ctx, claimID, side.ClaimCenter)
}

// Reserve reads one reserve of a claim, with its line items, as it is now.
func (r *Reserves) Reserve(ctx context.Context, claimID, number, id string) (reserve.Reserve, error) {
	link, err := r.linked(ctx, claimID, number)
	if err != nil {
		return reserve.Reserve{}, err
	}
	one, err := r.client.Reserve(ctx, link.Ref, id)
	if err != nil {
		return reserve.Reserve{}, err
	}
	return reserveOf(one), nil
}

// Set reads one reserve set of a claim as it is now.
func (r *Reserves) Set(ctx context.Context, claimID, number, id string) (reserve.Set, error) {
	link, err := r.linked(ctx, claimID, number)
	if err != nil {
		return reserve.Set{}, err
	}
	one, err := r.client.ReserveSet(ctx, link.Ref, id)
	if err != nil {
		return reserve.Set{}, err
	}
	return setOf(one), nil
}

func (r *Reserves) read(ctx context.Context, claimID, number string) (reserve.Book, error) {
	link, err := r.linked(ctx, claimID, number)
	if err != nil {
		return reserve.Book{}, err
	}
	sets, err := r.client.ReserveSets(ctx, link.Ref)
	if err != nil {
		return reserve.Book{}, err
	}
	reserves, err := r.client.Reserves(ctx, link.Ref)
	if err != nil {
		return reserve.Book{}, err
	}
	book := reserve.Book{ClaimID: link.Ref, Number: number, At: r.now().UTC()}
	for _, s := range sets {
		book.Sets = append(book.Sets, setOf(s))
	}
	for _, one := range reserves {
		book.Reserves = append(book.Reserves, reserveOf(one))
	}
	return book, nil
}

// linked returns the link of a claim, and makes it by the claim number when there is none.
func (r *Reserves) linked(ctx context.Context, claimID, number string) (side.Link, error) {
	link, ok, err := r.memory.Link(ctx, claimID, side.ClaimCenter)
	if err != nil || ok {
		return link, err
	}
	if strings.TrimSpace(number) == "" {
		return link, errors.New("ClaimCenter: the claim has no number to look for: link it by its ClaimCenter id")
	}
	found, err := r.client.FindClaim(ctx, number)
	if err != nil {
		return link, err
	}
	switch len(found.Claims) {
	case 0:
		return link, &api.Error{
			System: claimcenter.System, Op: "find the claim", Sent: true, Kind: api.ErrNotFound,
			Message: fmt.Sprintf("there is no claim %s that this account may read; if it has another number there, link it by its id", number),
		}
	case 1:
		link = side.Link{ClaimID: claimID, System: side.ClaimCenter, Ref: found.Claims[0].ID, How: side.ByNumber, At: r.now()}
		return link, r.memory.SaveLink(ctx, link)
	}
	ids := make([]string, len(found.Claims))
	for i, c := range found.Claims {
		ids[i] = c.ID
	}
	return link, &api.Error{
		System: claimcenter.System, Op: "find the claim", Sent: true, Kind: api.ErrConflict,
		Message: fmt.Sprintf("%d claims have the number %s: %s; link the right one by its id", len(ids), number, strings.Join(ids, ", ")),
	}
}
