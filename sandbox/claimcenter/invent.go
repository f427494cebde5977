package claimcenter

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ClaimSeed is a claim to add. Only Number is required: the rest is made up to be plausible.
type ClaimSeed struct {
	ID      string // empty: the next of the sequence, such as "cc:5001"
	Number  string
	Insured string
	Opened  time.Time // of the first reserve set; zero: two weeks ago

	// Exposures of the claim; empty: the insured's vehicle under Collision, and its rental car. The first one gets
	// the vehicle reserves, one under CoverageRental the rental car's, any other a medical reserve.
	Exposures []ExposureSeed
	// Vehicle is what the auto body reserves of the first exposure come to, in whole dollars; 0: made up.
	Vehicle int
	// Waiting is a further raise of the vehicle reserve that waits for approval, in whole dollars; 0: none.
	Waiting int

	Unreadable bool // found by the search only, and reading it is a 404
	Archived   bool
}

// ExposureSeed is one exposure of a claim to add.
type ExposureSeed struct {
	Name     string // such as "(1) 1st Party Vehicle - Ray Newton"; empty: made up
	Coverage Code   // empty: CoverageCollision
}

// The people who submit reserves.
var adjusters = [...]string{"Andy Applegate", "Betty Baker", "Carla Levin", "Chris Craft"}

// AddClaim adds a claim with reserves as a total loss gathers them: a first guess for the vehicle with the adjuster's
// expense, an increase once the valuation is there together with the rental car, and a decrease when the car comes back
// early. It returns the claim's id.
func (s *Server) AddClaim(seed ClaimSeed) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &claim{
		id: seed.ID, number: seed.Number, insured: cmp.Or(seed.Insured, "Ray Newton"),
		state: stateOpen, unreadable: seed.Unreadable,
	}
	if c.id == "" {
		c.id = s.id()
	}
	if seed.Archived {
		c.state = stateArchived
	}
	now := s.options.Now()
	if seed.Opened.IsZero() {
		seed.Opened = now.AddDate(0, 0, -14)
	}
	if seed.Opened.After(now) {
		seed.Opened = now
	}
	if seed.Vehicle == 0 {
		seed.Vehicle = 6000 + 250*s.rng.IntN(60)
	}
	c.sets = s.inventSets(seed, s.inventExposures(seed, c.insured))
	s.claims = append(s.claims, c)
	return c.id
}

// id returns the next identifier. s.mu is held.
func (s *Server) id() string {
	s.last++
	return "cc:" + strconv.Itoa(s.last)
}

func (s *Server) inventExposures(seed ClaimSeed, insured string) []*exposure {
	if len(seed.Exposures) == 0 {
		seed.Exposures = []ExposureSeed{{}, {Coverage: CoverageRental}}
	}
	var out []*exposure
	for i, e := range seed.Exposures {
		if e.Coverage == (Code{}) {
			e.Coverage = CoverageCollision
		}
		kind := "1st Party Vehicle"
		if e.Coverage == CoverageRental {
			kind = "Rental"
		}
		out = append(out, &exposure{s.id(), cmp.Or(e.Name, fmt.Sprintf("(%d) %s - %s", i+1, kind, insured)), e.Coverage})
	}
	return out
}

func (s *Server) inventSets(seed ClaimSeed, exposures []*exposure) []*reserveSet {
	vehicle, by := exposures[0], adjusters[s.rng.IntN(len(adjusters))]
	guess := seed.Vehicle * 6 / 1000 * 100 // about 60 %, in whole hundreds
	after := s.since(seed.Opened)
	opening := s.set(seed.Opened, by,
		s.reserve(vehicle, costClaim, categoryBody, guess, "Actual cash value, before the valuation"),
		s.reserve(vehicle, costExpense, categoryOther, 350, "Appraiser and towing yard"))
	raise := s.set(after(untilRaise), by,
		s.reserve(vehicle, costClaim, categoryBody, seed.Vehicle-guess, "Valuation report"))
	sets := []*reserveSet{opening, raise}
	for _, e := range exposures[1:] {
		if e.coverage != CoverageRental {
			raise.reserves = append(raise.reserves, s.reserve(e, costClaim, categoryMedical, 500, "Emergency room"))
			continue
		}
		raise.reserves = append(raise.reserves, s.reserve(e, costClaim, categoryRental, 900, "Thirty days"))
		sets = append(sets, s.set(after(untilReturn), by,
			s.reserve(e, costClaim, categoryRental, -150-30*s.rng.IntN(8), "The car came back early")))
	}
	if seed.Waiting != 0 {
		extra := s.set(time.Time{}, by, s.reserve(vehicle, costClaim, categoryBody, seed.Waiting, "Counter of the lender: missing options"))
		extra.approval, extra.reserves[0].status = unapproved, statusPending
		sets = append(sets, extra)
	}
	return sets
}

// How long after the first reserves the later ones are approved, as a rule.
const (
	untilRaise  = 50 * time.Hour
	untilReturn = 170 * time.Hour
)

// since tells when something happened that takes so long after opened, as a rule. On a younger claim everything came
// faster, in the same order: nothing is approved in the future.
func (s *Server) since(opened time.Time) func(time.Duration) time.Time {
	age := s.options.Now().Sub(opened)
	return func(usual time.Duration) time.Time {
		if age < untilReturn {
			usual = time.Duration(float64(age) * (float64(usual) / float64(untilReturn)))
		}
		return opened.Add(min(usual, age))
	}
}

func (s *Server) set(at time.Time, by string, reserves ...*reserve) *reserveSet {
	return &reserveSet{id: s.id(), approval: approved, at: at, by: by, reserves: reserves}
}

func (s *Server) reserve(e *exposure, costType, category Code, dollars int, comments string) *reserve {
	return usd(s.id(), s.id(), e, costType, category, strconv.Itoa(dollars)+".00", strings.TrimSpace(comments))
}
