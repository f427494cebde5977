package action

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// Client is LossExpress as far as the actions need it; *lossexpress.Client implements it.
type Client interface {
	OrderTypes(ctx context.Context) ([]string, error)
	CreateOrders(ctx context.Context, claimID string, types []string) (lossexpress.Ordered, error)
	CancelOrders(ctx context.Context, claimID string, orderIDs []string) (lossexpress.Ack, error)
	RequestPayoff(ctx context.Context, claimID string) (lossexpress.Ack, error)
	CancelPayoff(ctx context.Context, claimID string) (lossexpress.Ack, error)
	RefreshOrders(ctx context.Context, claimID string, types []string) (lossexpress.Ordered, error)
	PayoffSent(ctx context.Context, claimID string, p lossexpress.Payment) (api.Meta, error)
	RequestGuarantee(ctx context.Context, claimID string) (lossexpress.Requested, error)
	CancelGuarantee(ctx context.Context, claimID string) (lossexpress.Ack, error)
	AnswerCounter(ctx context.Context, claimID string, a lossexpress.CounterAnswer) (lossexpress.Ack, error)

	Claim(ctx context.Context, claimID string) (lossexpress.Claim, api.Meta, error)
	SearchClaims(ctx context.Context, s lossexpress.ClaimSearch) ([]lossexpress.Claim, api.Meta, error)
	CreateClaim(ctx context.Context, claim lossexpress.NewClaim) (claimID string, m api.Meta, err error)
	UpdateClaim(ctx context.Context, claimID string, change lossexpress.ClaimChange) (lossexpress.Claim, api.Meta, error)
	SendMessage(ctx context.Context, claimID, message string) (lossexpress.Ack, error)
	AddDocument(ctx context.Context, claimID string, u lossexpress.Upload) (lossexpress.Added, error)

	RefreshPayoff(ctx context.Context, claimID string) (lossexpress.Ack, error)
	RefreshGuarantee(ctx context.Context, claimID string) (lossexpress.Requested, error)
	Lenders(ctx context.Context, q lossexpress.LenderQuery) ([]lossexpress.Lender, error)

	RegisterWebhook(ctx context.Context, endpoint string, types ...string) (lossexpress.Registration, error)
	Webhook(ctx context.Context) (lossexpress.WebhookInfo, error)
	DeactivateWebhook(ctx context.Context) (api.Meta, error)
}

// Store is what is known of a claim; *store.Store implements it.
type Store interface {
	ClaimActivities(ctx context.Context, claimID string) ([]activity.Activity, error)
	Snapshot(ctx context.Context, claimID string) (snap claim.Snapshot, found bool, err error)
}

// Deps are what the actions work with. Client, Store, Backfill and Now are required.
type Deps struct {
	Client Client
	Store  Store
	// Backfill reads the activities of a claim after a time from the service into the store.
	Backfill func(ctx context.Context, claimID string, after time.Time) error
	Now      func() time.Time
	Open     func(path string) (fs.File, error) // documents; nil: the disk
	Flavour  Flavour                            // of the account; empty: Carrier
	// Known returns the claims that are stored here under a claim number or a VIN; nil: none are.
	Known func(ctx context.Context, ref string) ([]Known, error)
	// Cases and Reserves are the side systems that actions work with; nil: the profile has no account of them.
	Cases    CaseService
	Reserves ReserveService
	// Unusable says why the account of a side system cannot be used as it is configured; nil, or a nil error: there is
	// none, or nothing is wrong with it.
	Unusable func(system string) error
	// Registering is called before a webhook is registered: the service posts a test meanwhile, signed with a key that
	// nobody can ask for yet. Its error keeps the registration from being sent. What it returns is called with the answer
	// once there is one, or the zero value when there is none. nil: nobody wants to know.
	Registering func(ctx context.Context) (ended func(lossexpress.Registration), err error)
}

// Known is a claim that exists already.
type Known struct{ ID, Number, VIN string }

// Registry is every action there is, and the sender of their writes.
type Registry struct {
	deps    Deps
	disk    disk
	actions []Action

	mu      sync.Mutex
	types   []string // order types as served last
	typesAt time.Time
	lenders lenderSearch // the last one
}

var _ outbox.Sender = (*Registry)(nil)

// typesFor is how long the order types are believed: they are configuration of the account.
const typesFor = 10 * time.Minute

// New returns the registry.
func New(d Deps) *Registry {
	if d.Open == nil {
		d.Open = openDisk
	}
	r := &Registry{deps: d, disk: disk{d.Open}}
	r.actions = []Action{
		r.claimCreate(), r.claimUpdate(), r.messageSend(), r.documentAdd(),
		r.orderCreate(), r.orderCancel(), r.orderRefresh(),
		r.payoffRequest(), r.payoffCancel(), r.payoffRefresh(), r.payoffSent(),
		r.guaranteeRequest(), r.guaranteeCancel(), r.guaranteeRefresh(),
		r.counterAccept(), r.counterDispute(), r.webhookRegister(), r.webhookOff(),
		r.reserveLink(), r.caseSubmit(),
	}
	for i := range r.actions {
		r.actions[i].System = cmp.Or(r.actions[i].System, LossExpress)
	}
	return r
}

// All returns every action, in the order in which lists show them.
func (r *Registry) All() []Action { return slices.Clone(r.actions) }

// Get returns the action of an id.
func (r *Registry) Get(id string) (Action, bool) {
	i := slices.IndexFunc(r.actions, func(a Action) bool { return a.ID == id })
	if i < 0 {
		return Action{}, false
	}
	return r.actions[i], true
}

// Load returns what the store knows of a claim. Of an unknown one that is its id.
func (r *Registry) Load(ctx context.Context, claimID string) (claim.Claim, error) {
	acts, err := r.deps.Store.ClaimActivities(ctx, claimID)
	if err != nil {
		return claim.Claim{}, fmt.Errorf("read claim %s: %w", claimID, err)
	}
	snap, found, err := r.deps.Store.Snapshot(ctx, claimID)
	if err != nil {
		return claim.Claim{}, fmt.Errorf("read claim %s: %w", claimID, err)
	}
	var c claim.Claim
	if found {
		c = claim.Fold(&snap, acts)
	} else {
		c = claim.Fold(nil, acts)
	}
	if c.ID == "" {
		c.ID = claimID
	}
	return c, nil
}

// orderTypes asks the service what can be ordered, at most every few minutes.
func (r *Registry) orderTypes(ctx context.Context) ([]string, error) {
	r.mu.Lock()
	types, at := r.types, r.typesAt
	r.mu.Unlock()
	if age := r.deps.Now().Sub(at); types != nil && age >= 0 && age < typesFor {
		return types, nil
	}
	types, err := r.deps.Client.OrderTypes(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.types, r.typesAt = types, r.deps.Now()
	return types, nil
}
