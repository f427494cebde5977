package webhook

import (
	"encoding/json"
	"time"
)

// registrationLasts is how long a registration may be under way. One that never ended was broken off.
const registrationLasts = time.Minute

// Registration tells the listeners of this machine about a registration: while it is under way the service sends a test
// that is signed with a key nobody can ask for yet, and afterwards the old key is dead.
type Registration struct {
	ID    string    `json:"id"`
	Began time.Time `json:"began"`
	Ended time.Time `json:"ended,omitzero"`
}

// ParseRegistration reads what Text wrote; anything else is no registration.
func ParseRegistration(s string) Registration {
	var r Registration
	if json.Unmarshal([]byte(s), &r) != nil {
		return Registration{}
	}
	return r
}

// Text writes r for a setting of the store.
func (r Registration) Text() string {
	raw, err := json.Marshal(r)
	if err != nil {
		return "" // a time beyond the year 9999; it is no registration then
	}
	return string(raw)
}

// UnderWay reports whether the test delivery of r may come now.
func (r Registration) UnderWay(now time.Time) bool {
	since := now.Sub(r.Began)
	return r.ID != "" && r.Ended.IsZero() && since >= -time.Second && since < registrationLasts
}
