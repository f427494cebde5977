package filing

import (
	"slices"
	"strings"
)

// Code is one value of a coded field, or one status of the service, with its name.
type Code struct {
	Value string
	Name  string
	Newer bool // of a later version of the service; the document does not list it
}

// TransactionTypes are the values of transaction_type. Remote document: Available transaction types.
func TransactionTypes() []Code {
	return []Code{
		{Value: "PN", Name: "Policy New"},
		{Value: "PR", Name: "Policy Renewal"},
		{Value: "APE", Name: "Additional Premium Endorsement"},
		{Value: "RPE", Name: "Return Premium Endorsement"},
		{Value: "AE", Name: "Audit Endorsement"},
		{Value: "FC", Name: "Flat Cancellation"},
		{Value: "ZPE", Name: "of a newer InsCipher", Newer: true},
		{Value: "BD", Name: "of a newer InsCipher", Newer: true},
		{Value: "RW", Name: "of a newer InsCipher", Newer: true},
		{Value: "EE", Name: "of a newer InsCipher", Newer: true},
		{Value: "OS", Name: "of a newer InsCipher", Newer: true},
		{Value: "PC", Name: "of a newer InsCipher", Newer: true},
	}
}

// WrittenAs are the values of account_written_as. Remote document: Available account written as values.
func WrittenAs() []Code {
	return []Code{{Value: "B", Name: "Brokerage"}, {Value: "DC", Name: "Direct Client"}}
}

// LinesOfBusiness are the values of transaction_line_of_business. Remote document: Lines of Business.
func LinesOfBusiness() []Code {
	return []Code{
		{Value: "1001", Name: "Accident & Health"},
		{Value: "1002", Name: "BOP Liability"},
		{Value: "1003", Name: "Business Auto"},
		{Value: "1004", Name: "Business Owners"},
		{Value: "1005", Name: "Commercial Property"},
		{Value: "1006", Name: "Data Breach"},
		{Value: "1007", Name: "Employment Practice Liability Insurance"},
		{Value: "1008", Name: "Errors & Omissions"},
		{Value: "1009", Name: "Garage & Dealers"},
		{Value: "1010", Name: "General Liability"},
		{Value: "1011", Name: "Inland Marine (C)"},
		{Value: "1012", Name: "Med/Professional Liab"},
		{Value: "1013", Name: "Package (C)"},
		{Value: "1014", Name: "Professional Liability1"},
		{Value: "1015", Name: "Umbrella(C)"},
		{Value: "1016", Name: "Directors and Officers"},
		{Value: "1017", Name: "Foreign Liability"},
		{Value: "1018", Name: "Pollution"},
		{Value: "1019", Name: "Workers Compensation"},
		{Value: "1020", Name: "Monoline"},
		{Value: "1021", Name: "Earthquake Liability"},
		{Value: "1022", Name: "Special Events"},
	}
}

// USStates are the states, the district and the territories by their two letters.
func USStates() []Code {
	const list = "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|" +
		"DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|" +
		"KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|" +
		"MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|" +
		"NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|" +
		"SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|" +
		"WV West Virginia|WI Wisconsin|WY Wyoming|AS American Samoa|GU Guam|MP Northern Mariana Islands|" +
		"PR Puerto Rico|VI U.S. Virgin Islands"
	var states []Code
	for entry := range strings.SplitSeq(list, "|") {
		states = append(states, Code{Value: entry[:2], Name: entry[3:]})
	}
	return states
}

// Flags are the values of a yes-or-no field.
func Flags() []Code { return []Code{{Value: "0", Name: "No"}, {Value: "1", Name: "Yes"}} }

// The status codes of the service that mean more than their words.
const (
	codeOK        = "0"
	codeDuplicate = "3001"
)

// Meaning is what a status code of the service says and what to do about it.
type Meaning struct {
	Code  string
	Name  string // of the document
	Field string // that it is about; may be empty
	Fix   string // what to do; empty for success
}

// StatusCodes are the codes of the document. Remote document: Response Status codes.
func StatusCodes() []Meaning {
	return []Meaning{
		{Code: codeOK, Name: "Ok, success"},
		{
			Code: "1001", Name: "missing required documents", Field: fieldDocuments,
			Fix: "add the document with its code and a URL that InsCipher can download, then submit again",
		},
		{
			Code: "1002", Name: "transaction type not found", Field: "transaction_type",
			Fix: "choose a transaction type that your InsCipher account knows, then submit again",
		},
		{
			Code: "1003", Name: "transaction line of business is missing or invalid", Field: "transaction_line_of_business",
			Fix: "choose a line of business of the list, then submit again",
		},
		{
			Code: "1004", Name: "department not found",
			Fix: "ask InsCipher which department files for your account in this state; the row itself need not change",
		},
		{
			Code: "1005", Name: "unable to assign tax rule", Field: "mailing_state_code",
			Fix: "check the state, the line of business and the dates: no tax rule is known for them",
		},
		{
			Code: codeDuplicate, Name: "duplicate transaction is submitted", Field: fieldID,
			Fix: "InsCipher has this id already, but not from here: compare it there, and give this row an id of its own if it is another transaction",
		},
	}
}

// Explain returns what a status code means; for one that the document does not list, the code as it came.
func Explain(code string) Meaning {
	all := StatusCodes()
	if i := slices.IndexFunc(all, func(m Meaning) bool { return m.Code == code }); i >= 0 {
		return all[i]
	}
	return Meaning{Code: code, Name: "status " + code, Fix: "the document does not list this code: read its words, or ask InsCipher"}
}

// lookup finds a code by its value; exact in case.
func lookup(codes []Code, value string) (Code, bool) {
	i := slices.IndexFunc(codes, func(c Code) bool { return c.Value == value })
	if i < 0 {
		return Code{}, false
	}
	return codes[i], true
}
