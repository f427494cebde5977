package claimcenter

import (
	"net/http"

	"claimdeck/sandbox/fault"
)

// object is a JSON object under construction.
type object = map[string]any

// reply is the answer to a request before it is sent.
type reply = fault.Reply

// ok is a 200 with a JSON body.
func ok(body any) reply { return fault.JSON(http.StatusOK, body) }

// failure is the error envelope of the remote documents. exception is the last part of the errorCode.
func failure(status int, exception, message string, details ...string) reply {
	body := object{"status": status, "errorCode": "gw.api.rest.exceptions." + exception, "userMessage": message}
	var list []any
	for _, d := range details {
		list = append(list, object{"message": d})
	}
	if list != nil {
		body["details"] = list
	}
	return fault.JSON(status, body)
}

// notFound is also the answer where the account has no permission: the two cannot be told apart.
func notFound(path string) reply {
	return failure(http.StatusNotFound, "NotFoundException", "No resource was found at path "+path)
}

func badInput(message, detail string) reply {
	return failure(http.StatusBadRequest, "BadInputException", message, detail)
}

func unauthorised() reply {
	return failure(http.StatusUnauthorized, "RestAuthenticationException", "The request could not be authenticated").
		With("WWW-Authenticate", `Basic realm="Guidewire"`)
}

func notAuthorised() reply {
	return failure(http.StatusForbidden, "NotAuthorizedException", "You are not authorized to perform this operation")
}
