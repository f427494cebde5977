package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"claimdeck/action/filings"
	"claimdeck/state/config/atomicfile"
)

// demoPolicy is a policy of the demo: whose it is, where, and what it costs in cents.
type demoPolicy struct {
	insured, address, city, state, zip string
	line                               string
	premium, fee                       int
}

// demoPolicies are those of the demo's filings. Nobody is meant by them.
func demoPolicies() []demoPolicy {
	return []demoPolicy{
		{"Harbor Point Marina LLC", "210 Embarcadero", "San Diego", "CA", "92101", "1005", 1842000, 25000},
		{"Lone Star Tire & Lube", "4418 Burnet Rd", "Austin", "TX", "78756", "1009", 612500, 15000},
		{"Sunrise Beach Motel", "77 Gulf Blvd", "Clearwater", "FL", "33767", "1005", 2310000, 35000},
		{"Bluff City Stage Rentals", "19 Union Ave", "Memphis", "TN", "38103", "1022", 284000, 10000},
		{"Granite Ridge Climbing Gym", "8 Storrs St", "Concord", "NH", "03301", "1010", 455000, 0},
		{"Peachtree Valet Services", "930 Spring St NW", "Atlanta", "GA", "30309", "1003", 725000, 15000},
		{"Orchard Lane Senior Homes", "1502 E Yakima Ave", "Yakima", "WA", "98901", "1012", 3175000, 45000},
		{"Desert Bloom Solar Inc.", "3300 N Scottsdale Rd", "Scottsdale", "AZ", "85251", "1008", 518000, 12500},
		{"Kettle & Crane Brewing", "61 Water St", "Portland", "ME", "04101", "1010", 396500, 10000},
		{"Redwood Data Recovery", "500 Howard St", "San Francisco", "CA", "94105", "1006", 945000, 20000},
		{"Two Rivers Fireworks", "12 River Rd", "Paducah", "KY", "42001", "1010", 1120000, 30000},
		{"Prairie Wind Charter Flights", "2200 S Meridian St", "Wichita", "KS", "67213", "1017", 2780000, 50000},
		{"Old Mill Event Barn", "88 Mill Rd", "Burlington", "VT", "05401", "1022", 187500, 7500},
		{"Cascade Zipline Tours", "41 NW Wall St", "Bend", "OR", "97701", "1010", 864000, 20000},
		{"Bayou Crawfish Exchange", "703 Canal St", "New Orleans", "LA", "70130", "1005", 677000, 15000},
		{"Northside Scaffolding Co.", "1840 W Lake St", "Chicago", "IL", "60612", "1010", 1935000, 35000},
		{"Copper Basin Ski Repair", "350 Main St", "Park City", "UT", "84060", "1014", 243000, 7500},
		{"Hudson Street Contractors", "145 Hudson St", "New York", "NY", "10013", "1020", 4210000, 60000},
		{"Lakeview Day Camp", "5 Shore Dr", "Madison", "WI", "53703", "1010", 318000, 10000},
		{"Silver Spur Rodeo Assn.", "900 Frontier St", "Cheyenne", "WY", "82001", "1022", 529000, 12500},
		{"Tidewater Dredging LLC", "64 Waterside Dr", "Norfolk", "VA", "23510", "1018", 2665000, 45000},
		{"Mesa Verde Adventures", "12 W Main St", "Cortez", "CO", "81321", "1010", 412000, 10000},
		{"Queen City Food Trucks", "210 E 9th St", "Charlotte", "NC", "28202", "1010", 268500, 7500},
		{"Evergreen Drone Survey", "77 Pike St", "Seattle", "WA", "98101", "1016", 734000, 17500},
	}
}

// demoTax is the tax and the stamping fee of the demo's policies, in hundredths of a percent. They are made up, as the
// policies are: claimdeck knows no rates.
const (
	demoTax   = 300
	demoStamp = 18
)

// demoField is one field of a filing, in its place.
type demoField struct{ name, value string }

// demoFiling is the nth filing of the demo, without a mistake.
func demoFiling(n int, at time.Time) []demoField {
	p := demoPolicies()[n]
	cents := func(v int) string { return fmt.Sprintf("%d.%02d", v/100, v%100) }
	rate := func(hundredths int) int { return (p.premium*hundredths + 5000) / 10000 }
	tax, stamp := rate(demoTax), rate(demoStamp)
	day := at.AddDate(0, 0, -n%9-1).Format(time.DateOnly)
	number := fmt.Sprintf("%s%s-%03d", p.state, at.Format("200601"), 101+n)
	fields := []demoField{
		{"id", fmt.Sprintf("SL-%s-%04d", at.Format("0601"), 2001+n)},
		{"policy_number", number},
		{"policy_effective_date", day},
		{"transaction_effective_date", day},
		{"transaction_type", []string{"PN", "PN", "PR", "APE"}[n%4]},
		{"account_written_as", []string{"B", "DC"}[n%2]},
		{"rpg", "0"},
		{"premium", cents(p.premium)},
		{"agency_fee", cents(p.fee)},
		{"inspection_fee", "0.00"},
		{"sl_tax", cents(tax)},
		{"stamping_fee", cents(stamp)},
		{"municipal_fee", "0.00"},
		{"total", cents(p.premium + p.fee + tax + stamp)},
		{"commission_received", ""},
		{"non_admitted_insured_name", "Meridian Specialty Insurance Company"},
		{"invoice_date", day},
		{"purchasing_group_name", ""},
		{"ecp", "0"},
		{"risk_description", ""},
		{"mailing_insured_name", p.insured},
		{"mailing_address", p.address},
		{"mailing_city", p.city},
		{"mailing_zip_code", p.zip},
		{"mailing_state_code", p.state},
		{"physical_same_as_mailing", "1"},
		{"transaction_line_of_business", p.line},
		{"exempt", ""},
		{"export_list", ""},
		{"multi_state", ""},
	}
	for k, code := range []string{"POLIC", "D1DISC"} {
		path := "transaction_documents." + strconv.Itoa(k+1) + "."
		fields = append(fields,
			demoField{path + "code", code},
			demoField{path + "url", "https://files.example.com/" + number + "-" + strings.ToLower(code) + ".pdf"},
			demoField{path + "id", strconv.Itoa(1000001 + 10*n + k)})
	}
	return fields
}

// demoMistakes are what a person finds in the demo's files, by the number of the filing: documented mistakes of the kind
// that spreadsheets and hurry make.
func demoMistakes(at time.Time) map[int][]demoField {
	return map[int][]demoField{
		2:  {{"policy_effective_date", at.AddDate(0, 0, -3).Format("1/2/2006")}},
		4:  {}, // New Hampshire without commission_received
		6:  {{"transaction_type", "pr"}},
		8:  {{"total", "4180.09"}},
		9:  {{"transaction_documents.1.code", "SSW"}}, // InsCipher misses POLIC
		11: {{"mailing_zip_code", ""}, {"rpg", "1"}},
		13: {{"premium", "8,640.00"}},
		16: {}, // Utah without its three flags
		19: {{"transaction_line_of_business", "GEN-1022"}},
		21: {{"municipal_fee", "25.00"}},
		22: {{"mailing_state_code", "N.C."}},
	}
}

// demoFilings writes the files of the tour into a folder: a CSV of sixteen rows and a JSON of eight.
func demoFilings(folder string, now time.Time) error {
	var rows [][]demoField
	mistakes := demoMistakes(now)
	for n := range demoPolicies() {
		fields := demoFiling(n, now)
		for _, wrong := range mistakes[n] {
			i := slices.IndexFunc(fields, func(f demoField) bool { return f.name == wrong.name })
			fields[i].value = wrong.value
		}
		rows = append(rows, fields)
	}
	table, err := demoCSV(rows[:16])
	if err != nil {
		return err
	}
	list, err := demoJSON(rows[16:])
	if err != nil {
		return err
	}
	month := strings.ToLower(now.Format("January"))
	if err := atomicfile.Write(filepath.Join(folder, month+"-new-business.csv"), table); err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(folder, month+"-endorsements.json"), list)
}

func demoCSV(rows [][]demoField) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	record := func(of func(demoField) string, fields []demoField) error {
		cells := make([]string, len(fields))
		for i, f := range fields {
			cells[i] = of(f)
		}
		return w.Write(cells)
	}
	if err := record(func(f demoField) string { return f.name }, rows[0]); err != nil {
		return nil, err
	}
	for _, fields := range rows {
		if err := record(func(f demoField) string { return f.value }, fields); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// demoJSON is the list of the document: amounts and flags are numbers, what is empty is left out.
func demoJSON(rows [][]demoField) ([]byte, error) {
	var out bytes.Buffer
	for i, fields := range rows {
		out.WriteString(map[bool]string{true: "[{", false: ",{"}[i == 0])
		var documents []string
		lead := ""
		for _, f := range fields {
			path := strings.Split(f.name, ".")
			switch {
			case len(path) == 3 && path[2] == "id":
				documents[len(documents)-1] += `,"id":` + f.value + "}"
			case len(path) == 3 && path[2] == "code":
				documents = append(documents, `{"code":`+strconv.Quote(f.value))
			case len(path) == 3:
				documents[len(documents)-1] += `,"url":` + strconv.Quote(f.value)
			case f.value != "":
				out.WriteString(lead + strconv.Quote(f.name) + ":" + demoValue(f))
				lead = ","
			}
		}
		out.WriteString(`,"transaction_documents":[` + strings.Join(documents, ",") + "]}")
	}
	out.WriteString("]")
	var indented bytes.Buffer
	if err := json.Indent(&indented, out.Bytes(), "", "  "); err != nil {
		return nil, fmt.Errorf("the filings of the demo: %w", err)
	}
	return append(indented.Bytes(), '\n'), nil
}

// demoValue is a value as JSON has it.
func demoValue(f demoField) string {
	numbers := []string{
		"rpg", "premium", "agency_fee", "inspection_fee", "sl_tax", "stamping_fee", "municipal_fee", "total", "ecp", "physical_same_as_mailing",
	}
	if slices.Contains(numbers, f.name) {
		return f.value
	}
	return strconv.Quote(f.value)
}

// offerFilings writes the demo's files, and has the console open them as if they had been open before.
func (s *session) offerFilings(ctx context.Context, folder string, now time.Time) error {
	if err := demoFilings(folder, now); err != nil {
		return fmt.Errorf("the demo's filings could not be written: %w", err)
	}
	paths, err := json.Marshal([]string{folder})
	if err != nil {
		return err
	}
	return s.store.SetSetting(ctx, filings.SettingPaths, string(paths))
}
