package lossexpress

import "strings"

// vehicle is what the service decodes from a VIN.
type vehicle struct {
	Make  string `json:"make"`
	Model string `json:"model"`
	Year  int    `json:"year"`
}

// model is a line of vehicles with the part of the VIN that they share.
type model struct {
	make, name string
	prefix     string // VIN positions 1 to 8
	plant      byte   // position 11
	from, to   int    // model years
	price      int    // what one is worth today, dollars
}

const yearLetters = "ABCDEFGHJKLMNPRSTVWXY123456789" // model years from 1980, for 30 years

// vin builds a VIN of the model with a valid check digit (49 CFR 565.15).
func (m model) vin(year, serial int) string {
	digits := make([]byte, 6)
	for i := range digits {
		digits[5-i] = byte('0' + serial%10)
		serial /= 10
	}
	v := []byte(m.prefix + "0" + string(yearLetters[(year-1980)%30]) + string(m.plant) + string(digits))
	v[8] = checkDigit(string(v))
	return string(v)
}

// checkDigit computes position 9 of a VIN of 17 characters.
func checkDigit(vin string) byte {
	const values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"
	weights := [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum := 0
	for i, w := range weights {
		sum += strings.IndexByte(values, vin[i]) % 10 * w
	}
	return "0123456789X"[sum%11]
}

// decode returns the vehicle of a VIN, or nil when the service does not know the model.
func decode(vin string) *vehicle {
	vin = strings.ToUpper(vin)
	if len(vin) != 17 {
		return nil
	}
	if v, known := testVehicles()[vin]; known {
		return &v
	}
	year := strings.IndexByte(yearLetters, vin[9])
	for _, m := range models() {
		if m.prefix != vin[:8] || year < 0 {
			continue
		}
		year += 1980
		if year+30 <= m.to {
			year += 30
		}
		return &vehicle{m.make, m.name, year}
	}
	return nil
}

// testVehicles are the cars behind the documented test VINs and the sample.
func testVehicles() map[string]vehicle {
	return map[string]vehicle{
		"JHMGE8H35DC074448": {"Honda", "Fit", 2013},
		"JHMGE8H35DC075558": {"Honda", "Fit", 2013},
		"JHMGE8H35DC076668": {"Honda", "Fit", 2013},
		"1GCHC29U62E142306": {"Chevrolet", "Silverado 2500HD", 2002},
		"1GCHC29U62E147776": {"Chevrolet", "Silverado 2500HD", 2002},
		"JHMFA36246S006140": {"Honda", "Civic Hybrid", 2006},
		"JN1CV6AP7CM621670": {"Infiniti", "G37", 2012},
		"1FAHP3EN7BW114135": {"Ford", "Focus", 2011},
		"1N4AL3AP8JC231503": {"Nissan", "Altima", 2018},
	}
}
