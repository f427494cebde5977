package inscipher

import (
	"net/http"

	"claimdeck/sandbox/fault"
)

const defaultMaxBody = 64 << 20

// object is a JSON object under construction.
type object = map[string]any

// reply is the answer to a request before it is sent.
type reply = fault.Reply

// ok is a 200 with a JSON body.
func ok(body any) reply { return fault.JSON(http.StatusOK, body) }

// failure is an error. The documents show none; this is the form of the framework that the service's paths suggest.
func failure(status int, message string) reply {
	return fault.JSON(status, object{"code": status, "message": message})
}
