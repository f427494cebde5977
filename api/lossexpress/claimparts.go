package lossexpress

import (
	"encoding/json"
	"strings"
)

// Address is a street address in parts, or one line where that is all there is.
type Address struct {
	Line           string // the whole address; the parts are empty then
	StreetAddress  string
	StreetAddress2 string // suite and the like
	City           string
	State          string // two letters
	ZIPCode        string // keeps its leading zeros
	Extra          map[string]json.RawMessage
}

// OneLine returns an address that is a single text.
func OneLine(s string) Address { return Address{Line: s} }

// IsZero reports whether nothing is known of the address.
func (a Address) IsZero() bool {
	return a.Line == "" && a.StreetAddress == "" && a.StreetAddress2 == "" && a.City == "" && a.State == "" &&
		a.ZIPCode == "" && len(a.Extra) == 0
}

// String returns the address as one line: "1000 Main Street Ste. 500 Dallas TX 75204".
func (a Address) String() string {
	parts := []string{a.Line, a.StreetAddress, a.StreetAddress2, a.City, a.State, a.ZIPCode}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// UnmarshalJSON reads an object or a single text.
func (a *Address) UnmarshalJSON(raw []byte) error {
	*a = Address{}
	if line, ok := asString(raw); ok {
		a.Line = line
		return nil
	}
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	a.read(o)
	a.Extra = o.extra()
	return nil
}

// MarshalJSON writes a text where that is what it was, else an object.
func (a Address) MarshalJSON() ([]byte, error) {
	if a.Line != "" {
		return json.Marshal(a.Line)
	}
	return encode(a.known(), a.Extra)
}

func (a *Address) read(o object) {
	a.StreetAddress = take(o, "streetAddress", asString)
	a.StreetAddress2 = take(o, "streetAddress2", asString)
	a.City = take(o, "city", asString)
	a.State = take(o, "state", asString)
	a.ZIPCode = take(o, "zipCode", asString)
}

func (a Address) known() map[string]any {
	m := map[string]any{}
	put(m, "streetAddress", a.StreetAddress)
	put(m, "streetAddress2", a.StreetAddress2)
	put(m, "city", a.City)
	put(m, "state", a.State)
	put(m, "zipCode", a.ZIPCode)
	return m
}

func asAddress(raw json.RawMessage) (*Address, bool) {
	var a Address
	if a.UnmarshalJSON(raw) != nil {
		return nil, false
	}
	return &a, true
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *Vehicle) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	v.Make, v.Model = take(o, "make", asString), take(o, "model", asString)
	v.Year = take(o, "year", asInt)
	v.Extra = o.extra()
	return nil
}

// MarshalJSON implements json.Marshaler.
func (v Vehicle) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	put(m, "make", v.Make)
	put(m, "model", v.Model)
	put(m, "year", v.Year)
	return encode(m, v.Extra)
}

// UnmarshalJSON implements json.Unmarshaler.
func (d *Document) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	d.CreatedAt, d.UpdatedAt = take(o, "createdAt", asTime), take(o, "updatedAt", asTime)
	d.DocumentURL, d.Type = take(o, "documentUrl", asString), take(o, "type", asString)
	d.Extra = o.extra()
	return nil
}

// MarshalJSON implements json.Marshaler.
func (d Document) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	putTime(m, "createdAt", d.CreatedAt)
	putTime(m, "updatedAt", d.UpdatedAt)
	put(m, "documentUrl", d.DocumentURL)
	put(m, "type", d.Type)
	return encode(m, d.Extra)
}

// UnmarshalJSON implements json.Unmarshaler.
func (g *GuaranteeRequest) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	g.CreatedAt, g.UpdatedAt = take(o, "createdAt", asTime), take(o, "updatedAt", asTime)
	g.DocumentURL = take(o, "documentUrl", asString)
	g.Extra = o.extra()
	return nil
}

// MarshalJSON implements json.Marshaler.
func (g GuaranteeRequest) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	putTime(m, "createdAt", g.CreatedAt)
	putTime(m, "updatedAt", g.UpdatedAt)
	put(m, "documentUrl", g.DocumentURL)
	return encode(m, g.Extra)
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *PayoffData) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	p.CreatedAt, p.UpdatedAt = take(o, "createdAt", asTime), take(o, "updatedAt", asTime)
	p.PayoffAmount, p.PerDiem = take(o, "payoffAmount", asNumber), take(o, "perDiem", asNumber)
	p.ValidThroughDate = take(o, "validThroughDate", asString)
	p.Remittance = take(o, "remittanceInformation", asPart[RemittanceInformation])
	p.Extra = o.extra()
	return nil
}

// MarshalJSON implements json.Marshaler.
func (p PayoffData) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	putTime(m, "createdAt", p.CreatedAt)
	putTime(m, "updatedAt", p.UpdatedAt)
	put(m, "payoffAmount", p.PayoffAmount)
	put(m, "perDiem", p.PerDiem)
	put(m, "validThroughDate", p.ValidThroughDate)
	put(m, "remittanceInformation", p.Remittance)
	return encode(m, p.Extra)
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *RemittanceInformation) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	r.Standard = take(o, "standard", asPart[Remittance])
	r.Overnight = take(o, "overnight", asPart[Remittance])
	r.Extra = o.extra()
	return nil
}

// MarshalJSON implements json.Marshaler.
func (r RemittanceInformation) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	put(m, "standard", r.Standard)
	put(m, "overnight", r.Overnight)
	return encode(m, r.Extra)
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *Remittance) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	r.MakeCheckPayableTo, r.Attn = take(o, "makeCheckPayableTo", asString), take(o, "attn", asString)
	r.read(o)
	r.Extra = o.extra()
	return nil
}

// MarshalJSON implements json.Marshaler.
func (r Remittance) MarshalJSON() ([]byte, error) {
	m := r.known()
	put(m, "makeCheckPayableTo", r.MakeCheckPayableTo)
	put(m, "attn", r.Attn)
	return encode(m, r.Extra)
}
