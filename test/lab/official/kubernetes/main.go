// The official Kubernetes provider plugin, built from its published Go module. Its schema is not in the module in the
// form that it embeds; the plugin asks for it only to import objects.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

func main() {
	provider.Serve("kubernetes", "4.24.0", []byte("{}"), []byte("{}"))
}
