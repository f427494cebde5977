package filing

import (
	"slices"
	"strings"
)

// Kind is the type of a field in the document.
type Kind int

// The kinds of fields.
const (
	Text      Kind = iota // varchar
	Date                  // yyyy-mm-dd
	Amount                // decimal(12,2)
	Flag                  // tinyint(1): 0 or 1
	Choice                // one of Codes, sent as text
	USState               // two letters
	Documents             // the list of transaction documents
)

// Need is how much a transaction needs a field. The document marks only some fields as required or optional; where it is
// silent, what identifies the policy, its taxes and its insured is required, and the rest expected.
type Need int

// The needs of a field.
const (
	Optional Need = iota
	Expected      // its absence is a warning
	Required      // its absence is an error
)

// Section groups fields in a form.
type Section string

// The sections, in the order of a form.
const (
	Policy    Section = "Policy"
	Money     Section = "Premium, taxes and fees"
	Insured   Section = "Insured"
	Physical  Section = "Physical address"
	Exemption Section = "Exemptions"
	Papers    Section = "Documents"
)

// Field is one field of a transaction.
type Field struct {
	Name    string // as it is sent
	Title   string // for people
	Section Section
	Kind    Kind
	Need    Need
	Length  int    // most characters of a Text; 0: none given
	Codes   []Code // values of a Choice, a Flag or a USState
	Only    string // the state in which alone the field has a meaning; empty: any
	Help    string // what the document says of it
}

// The fields that rules name.
const (
	fieldID         = "id"
	fieldPolicy     = "policy_number"
	fieldDocuments  = "transaction_documents"
	fieldRPG        = "rpg"
	fieldTotal      = "total"
	fieldCommission = "commission_received"
	fieldAgencyFee  = "agency_fee"
	fieldSame       = "physical_same_as_mailing"
	fieldMailState  = "mailing_state_code"
	fieldPhysState  = "physical_state_code"
	maxID           = 255
	maxPolicyNumber = 50
)

// Fields is the field table of a transaction, in the order of the document. Remote document: Field Values.
func Fields() []Field {
	return slices.Concat(policyFields(), moneyFields(), moreFields(), addressFields(), lastFields())
}

func policyFields() []Field {
	return []Field{
		{Name: fieldID, Title: "Transaction id", Section: Policy, Need: Required, Length: maxID, Help: "Unique ID used for tracking imported transactions."},
		{Name: fieldPolicy, Title: "Policy number", Section: Policy, Need: Required, Length: maxPolicyNumber, Help: "Policy number; it may repeat."},
		{Name: "policy_effective_date", Title: "Policy effective", Section: Policy, Kind: Date, Need: Required, Help: "Policy effective date."},
		{Name: "transaction_effective_date", Title: "Transaction effective", Section: Policy, Kind: Date, Need: Required, Help: "Transaction effective date."},
		{Name: "transaction_type", Title: "Transaction type", Section: Policy, Kind: Choice, Need: Required, Codes: TransactionTypes(), Help: "What happened to the policy."},
		{Name: "account_written_as", Title: "Written as", Section: Policy, Kind: Choice, Need: Required, Codes: WrittenAs(), Help: "How the account is written."},
		{Name: fieldRPG, Title: "Risk purchasing group", Section: Policy, Kind: Flag, Need: Expected, Codes: Flags(), Help: "RPG: yes or no. With yes, the purchasing group and the risk description are needed."},
	}
}

func moneyFields() []Field {
	return []Field{
		{Name: "premium", Title: "Premium", Section: Money, Kind: Amount, Need: Required, Help: "Policy premium."},
		{Name: fieldAgencyFee, Title: "Agency fee", Section: Money, Kind: Amount, Help: "Policy, broker or agency fee."},
		{Name: "inspection_fee", Title: "Inspection fee", Section: Money, Kind: Amount, Help: "Inspection, audit or underwriting fee."},
		{Name: "sl_tax", Title: "Surplus lines tax", Section: Money, Kind: Amount, Help: "Surplus Lines Tax; Florida Tax in FL; State Tax in OR."},
		{Name: "stamping_fee", Title: "Stamping fee", Section: Money, Kind: Amount, Help: "Stamping fee; FSLO fee in FL; Fire Marshal Tax in OR."},
		{Name: "sl_service_charge", Title: "Service charge (OR)", Section: Money, Kind: Amount, Only: "OR", Help: "Surplus lines service charge, active in Oregon only."},
		{Name: "municipal_fee", Title: "Municipal fee (KY)", Section: Money, Kind: Amount, Only: "KY", Help: "Municipal fee, active in Kentucky only."},
		{Name: "fm_tax", Title: "Fire marshal tax (IL)", Section: Money, Kind: Amount, Only: "IL", Help: "Fire Marshal Tax by line of business, from the premium; active in Illinois only."},
		{Name: fieldTotal, Title: "Total", Section: Money, Kind: Amount, Need: Required, Help: "Premium + all taxes + all policy fees."},
		{Name: fieldCommission, Title: "Commission received", Section: Money, Kind: Flag, Codes: Flags(), Help: "Required in NH, where a policy fee cannot be charged when commission is received."},
	}
}

func moreFields() []Field {
	return []Field{
		{Name: "non_admitted_insured_name", Title: "Insurer or NAIC", Section: Policy, Need: Required, Length: 255, Help: "Insurance company name or NAIC code."},
		{Name: "invoice_date", Title: "Invoice date", Section: Policy, Kind: Date, Need: Expected, Help: "Date of invoice."},
		{Name: "purchasing_group_name", Title: "Purchasing group", Section: Policy, Length: 255, Help: "Needed for a risk purchasing group."},
		{Name: "ecp", Title: "Exempt commercial purchaser", Section: Exemption, Kind: Flag, Need: Expected, Codes: Flags(), Help: "Exempt Commercial Purchaser."},
		{Name: "risk_description", Title: "Risk description", Section: Policy, Length: 255, Help: "Needed for a risk purchasing group."},
	}
}

func addressFields() []Field {
	return []Field{
		{Name: "mailing_insured_name", Title: "Insured", Section: Insured, Need: Required, Length: 100, Help: "Insured name as it appears in the policy documents."},
		{Name: "mailing_address", Title: "Address", Section: Insured, Need: Required, Length: 255, Help: "Mailing address."},
		{Name: "mailing_address2", Title: "Address line 2", Section: Insured, Length: 255, Help: "Mailing address line 2."},
		{Name: "mailing_city", Title: "City", Section: Insured, Need: Required, Length: 100, Help: "Mailing city."},
		{Name: "mailing_zip_code", Title: "ZIP code", Section: Insured, Need: Required, Length: 20, Help: "Mailing ZIP code."},
		{Name: fieldMailState, Title: "State", Section: Insured, Kind: USState, Need: Required, Codes: USStates(), Help: "Mailing state, two letters."},
		{Name: fieldSame, Title: "Physical is mailing", Section: Physical, Kind: Flag, Need: Expected, Codes: Flags(), Help: "Whether the physical address is the mailing address."},
		{Name: "physical_address", Title: "Address", Section: Physical, Length: 255, Help: "Physical address, when it is not the mailing address."},
		{Name: "physical_address2", Title: "Address line 2", Section: Physical, Length: 255, Help: "Physical address line 2."},
		{Name: "physical_city", Title: "City", Section: Physical, Length: 100, Help: "Physical city."},
		{Name: "physical_zip_code", Title: "ZIP code", Section: Physical, Length: 20, Help: "Physical ZIP code."},
		{Name: fieldPhysState, Title: "State", Section: Physical, Kind: USState, Codes: USStates(), Help: "Physical state, two letters. Taxes follow it where it is given."},
	}
}

func lastFields() []Field {
	return []Field{
		{Name: "transaction_line_of_business", Title: "Line of business", Section: Policy, Kind: Choice, Need: Required, Codes: LinesOfBusiness(), Help: "Line of business code."},
		{Name: "exempt", Title: "Exempt", Section: Exemption, Kind: Flag, Codes: Flags(), Help: "Exempt; required in UT only."},
		{Name: "export_list", Title: "Export list", Section: Exemption, Kind: Flag, Codes: Flags(), Help: "Export list; required in UT only."},
		{Name: "multi_state", Title: "Multi state", Section: Exemption, Kind: Flag, Codes: Flags(), Help: "Multi state; required in UT only."},
		{Name: fieldDocuments, Title: "Documents", Section: Papers, Kind: Documents, Need: Expected, Help: "Documents with a code of the tax rules and a full URL that InsCipher can download. A code may repeat."},
	}
}

// DocumentFields are the fields of one transaction document.
func DocumentFields() []Field {
	return []Field{
		{Name: "code", Title: "Code", Section: Papers, Need: Required, Help: "Document code of the tax rules, such as POLIC or D1DISC."},
		{Name: "url", Title: "URL", Section: Papers, Need: Required, Help: "Full URL from which InsCipher can download the document."},
		{Name: "id", Title: "Document id", Section: Papers, Help: "Unique document ID number, for import tracking only."},
	}
}

// FieldOf returns a field by its name; a field of a document is named such as transaction_documents.1.code.
func FieldOf(name string) (Field, bool) {
	table, rank := fieldTable, fieldRank
	if _, part, ok := documentPath(name); ok {
		table, rank, name = documentTable, documentRank, part
	}
	i, ok := rank[name]
	if !ok {
		return Field{}, false
	}
	return table[i], true
}

// The tables that every row is read and checked by; they never change.
var (
	fieldTable    = Fields()
	documentTable = DocumentFields()
	fieldRank     = rankFields(fieldTable)
	documentRank  = rankFields(documentTable)
)

func rankFields(fields []Field) map[string]int {
	rank := make(map[string]int, len(fields))
	for i, f := range fields {
		rank[f.Name] = i
	}
	return rank
}

// tidyName makes the header of a column a field name where only case, spaces or a dash differ.
func tidyName(header string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(header)))
}
