// Package ext has the extension types of the published Traefik, which are empty.
package ext

type HTTP struct{}

type Router struct{}
