/**
 * How an environment is written in TypeScript. Generated from the schema; renewed by
 * `node --import tsx tools/input-types.ts --write`.
 */
import type { Price } from "./schema/prices";
import type { Size } from "./schema/quantities";

/** An environment that owns its network, servers and cluster. */
export interface OwnerInput {
  /** The Kubernetes cluster that this environment owns. */
  readonly cluster: {
    readonly kind: "own";
    /** Default: the environment's name. */
    readonly name?: string;
    /** @default "1.36" */
    readonly version?: "1.25" | "1.35" | "1.36" | "1.37";
    /** Patch release of `version`. Default: the newest that was tested. */
    readonly release?: string;
    /** Settings of all nodes. */
    readonly nodes?: {
      /** @default 110 */
      readonly maxPods?: number;
      /** Kept free for the operating system. */
      readonly systemReserved?: {
        /** @default "100m" */
        readonly cpu?: string;
        /** @default "256Mi" */
        readonly memory?: string;
        /** @default "1Gi" */
        readonly disk?: string;
      };
      /** Kept free for the kubelet and containerd. */
      readonly kubeReserved?: {
        /** @default "200m" */
        readonly cpu?: string;
        /** @default "512Mi" */
        readonly memory?: string;
        /** @default "1Gi" */
        readonly disk?: string;
      };
      /** Pods are moved away when less than this is free. */
      readonly eviction?: {
        /** @default "200Mi" */
        readonly memory?: string;
        /** @default 10 */
        readonly diskPercent?: number;
      };
      /** Unused images are removed from `high` per cent of the disk on, down to `low`. */
      readonly imageGc?: {
        /** @default 85 */
        readonly high?: number;
        /** @default 80 */
        readonly low?: number;
      };
      /** How long pods stay on a node that does not answer. @default 120 */
      readonly notReadySeconds?: number;
      /** How kube-proxy carries Services; nftables from Kubernetes 1.33 on. @default "iptables" */
      readonly proxyMode?: "iptables" | "ipvs" | "nftables";
      /** external: a new node takes no pods until OpenStack's cloud controller manager has greeted it. @default "external" */
      readonly cloudProvider?: "external" | "none";
      /** required: pods ask for the runtime's AppArmor profile, and a node without AppArmor refuses them. off: they ask for nothing; nodes that have AppArmor confine them all the same. @default "off" */
      readonly appArmor?: "off" | "required";
      /** Where Kubernetes' own images come from. @default "registry.k8s.io" */
      readonly imageRepository?: string;
    };
    /** Addresses of pods; each node takes a /24 of it. @default "10.244.0.0/16" */
    readonly podCidr?: string;
    /** Addresses of Services. @default "10.96.0.0/12" */
    readonly serviceCidr?: string;
    /** The network plugin of the pods. @default {"kind":"calico","encapsulation":"vxlan"} */
    readonly cni?:
      | {
          readonly kind: "calico";
          /** Of packets between pods of two nodes; all of them, since Neutron drops addresses that are not the port's. none: ports admit the pods' addresses. @default "vxlan" */
          readonly encapsulation?: "vxlan" | "ipip" | "none";
        }
      | {
          readonly kind: "flannel";
          /** host-gw: routes instead of encapsulation; ports admit the pods' addresses. @default "vxlan" */
          readonly backend?: "vxlan" | "host-gw";
          /** What enforces NetworkPolicies beside it, since Flannel does not. @default "none" */
          readonly policy?: "none" | "kube-router" | "kube-network-policies";
        }
      | {
          readonly kind: "weave";
        }
      | {
          readonly kind: "kube-router";
        };
    /** The load balancer in front of the API servers; direct is for a single control plane. @default {"kind":"haproxy","port":8888} */
    readonly api?:
      | {
          readonly kind: "haproxy";
          /** @default 8888 */
          readonly port?: number;
          /** A floating IP of the API's VIP. Default: where clients connect from outside, by access.operator allowlist, or by WireGuard on the gateways with haproxy. */
          readonly floatingIp?: boolean;
        }
      | {
          readonly kind: "octavia";
          /** @default 6443 */
          readonly port?: number;
          /** A floating IP of the API's VIP. Default: where clients connect from outside, by access.operator allowlist, or by WireGuard on the gateways with haproxy. */
          readonly floatingIp?: boolean;
        }
      | {
          readonly kind: "direct";
          /** @default false */
          readonly floatingIp?: boolean;
        };
    /** Name in the API's certificates. Default: api.<domain>. */
    readonly serverName?: string;
    readonly oidc?: {
      readonly issuer: string;
      readonly clientId: string;
      /** @default "sub" */
      readonly usernameClaim?: string;
      readonly groupsClaim?: string;
    };
    /** Deletes failed pods of all namespaces, with their logs, some hours after their end. Default: they stay. */
    readonly failedPods?: {
      /** @default 24 */
      readonly afterHours?: number;
    };
    /** How the cluster uses OpenStack: nodes, volumes, load balancers of Services. */
    readonly cloud?: {
      /** Keystone as the nodes reach it. Default: the public one of the cloud's catalog. */
      readonly authUrl?: string;
      /** Default: the region of that entry of the catalog. */
      readonly region?: string;
      /** The authority of the cloud's certificates, in PEM. Default: the public authorities of the images. */
      readonly authority?: string;
      /** What is not declared in applicationCredentials is made with the roles that it needs. */
      readonly credentials?: {
        /** Of the cloud controller manager, a key of applicationCredentials. @default "cloud-provider" */
        readonly controller?: string;
        /** Of the volume driver, a key of applicationCredentials. @default "cinder-csi" */
        readonly volumes?: string;
      };
      /** What serves Services of type LoadBalancer. @default {"kind":"none"} */
      readonly loadBalancers?:
        | LoadBalancersInput
        | {
            readonly kind: "amphora";
            /** false: a load balancer is reached from the servers' network only. @default true */
            readonly floatingIps?: boolean;
            /** Octavia checks each node; Services with externalTrafficPolicy Local need it. @default true */
            readonly monitor?: boolean;
            /** Most Services that share a load balancer, where they ask for one by its id. @default 2 */
            readonly sharedBy?: number;
            /** Other networks for load balancers, which Services name by loadbalancer.openstack.org/class. @default {} */
            readonly classes?: Readonly<Record<string, ClasseInput>>;
          }
        | {
            readonly kind: "ovn";
            /** Networks of the clients: packets keep their addresses up to the nodes. */
            readonly from: readonly string[];
            /** false: a load balancer is reached from the servers' network only. @default true */
            readonly floatingIps?: boolean;
            /** Octavia checks each node; Services with externalTrafficPolicy Local need it. @default true */
            readonly monitor?: boolean;
            /** Most Services that share a load balancer, where they ask for one by its id. @default 2 */
            readonly sharedBy?: number;
            /** Other networks for load balancers, which Services name by loadbalancer.openstack.org/class. @default {} */
            readonly classes?: Readonly<Record<string, ClasseInput>>;
          };
    };
  };
  /** Domain of the lab; names of services are subdomains of it. */
  readonly domain: string;
  /** Image of every server that names no other. */
  readonly image: string;
  /** Zones that servers are spread over, in turn by slot. */
  readonly availabilityZones?: readonly string[];
  /** server: create each volume in its server's zone, for clouds that do not attach across zones. @default "any" */
  readonly volumeZones?: "any" | "server";
  /** Set on every resource that supports tags, in addition to `labstead` and the environment's name. @default [] */
  readonly tags?: readonly string[];
  /** Set on every server, in addition to its own. @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Sizes of the flavors, to compare with the quota and to plan capacity. @default {} */
  readonly flavors?: Readonly<Record<string, FlavorInput>>;
  /** Limits of the tenancy as you know them; -1 for none. @default {} */
  readonly quota?: QuotaInput;
  /** What the cloud charges, for `labstead cost` and previews. Default: of a tenant the owner's. */
  readonly prices?: PricesInput;
  /** How much namespaces of applications and projects may use, by name, where the default does not fit. @default {} */
  readonly namespaces?: Readonly<Record<string, NamespaceInput>>;
  /** What the lab offers to its users. */
  readonly apps?: AppsInput;
  /** Deployment of the charts: objects as one resource each, or applySet, one for each namespace, for thousands of objects; between them one up with handover. @default "objects" */
  readonly deploy?: "objects" | "handover" | "applySet";
  /** Deployment of the charts of single parts, by the parts' keys, where it differs: `userPods: applySet` for thousands of people. @default {} */
  readonly deployParts?: Readonly<Record<string, "objects" | "handover" | "applySet">>;
  /** Disruptive changes that a person has allowed. */
  readonly changes?: ChangesInput;
  /** Warnings and notes of the checks that may stay, each with the reason. @default [] */
  readonly acceptedFindings?: readonly AcceptedFindingInput[];
  /** The network of all servers: managed by the program, or an existing one. */
  readonly network:
    | {
        readonly kind: "managed";
        /** Network of the subnet. */
        readonly cidr: string;
        /** Pool of floating IPs and the router's gateway. @default "public" */
        readonly externalNetwork?: string;
        /** 1450 suits VXLAN tenant networks; the cloud's own value otherwise. @default 1450 */
        readonly mtu?: number;
        /** @default {} */
        readonly ranges?: RangesInput;
        /** With the id of the external network a preview needs no cloud. */
        readonly externalNetworkId?: string;
        /** @default [] */
        readonly dnsNameservers?: readonly string[];
      }
    | {
        readonly kind: "existing";
        /** Network of the subnet. */
        readonly cidr: string;
        /** Pool of floating IPs and the router's gateway. @default "public" */
        readonly externalNetwork?: string;
        /** 1450 suits VXLAN tenant networks; the cloud's own value otherwise. @default 1450 */
        readonly mtu?: number;
        /** @default {} */
        readonly ranges?: RangesInput;
        readonly name: string;
        readonly subnet: string;
        readonly gatewayIp?: string;
        /** Addresses of the subnet that Neutron gives out, as `openstack subnet show` prints them. */
        readonly allocationPools?: readonly VipInput[];
        /** Owned by another project: Neutron then lets only its owner choose fixed addresses. @default false */
        readonly shared?: boolean;
        /** With the ids a preview needs no cloud. @default {} */
        readonly ids?: {
          readonly network?: string;
          readonly subnet?: string;
        };
      };
  /** The operators' key, authorized on every server. */
  readonly keyPair:
    | {
        readonly kind: "managed";
        readonly publicKey: string;
      }
    | {
        readonly kind: "existing";
        readonly name: string;
      };
  /** Access for people: a bastion, WireGuard, or both. */
  readonly access:
    | {
        readonly kind: "bastion";
        /** How Pulumi reaches the Kubernetes API: nothing is open to the world. */
        readonly operator: OperatorInput | AccessOperatorInput | OwnerAccessOperatorInput;
        readonly ssh: SshInput;
      }
    | {
        readonly kind: "wireguard";
        /** How Pulumi reaches the Kubernetes API: nothing is open to the world. */
        readonly operator: OperatorInput | AccessOperatorInput | OwnerAccessOperatorInput;
        readonly wireguard: WireguardInput;
      }
    | {
        readonly kind: "both";
        /** How Pulumi reaches the Kubernetes API: nothing is open to the world. */
        readonly operator: OperatorInput | AccessOperatorInput | OwnerAccessOperatorInput;
        readonly ssh: SshInput;
        readonly wireguard: WireguardInput;
      };
  /** Who has access, and how: SSH, WireGuard, Kubernetes. Removing the entry revokes it. @default {} */
  readonly people?: Readonly<
    Record<
      string,
      {
        readonly ssh?: {
          readonly key: string;
          /** jump: SSH through the bastion only, without a shell on it; operator: every server, with root privileges. @default "jump" */
          readonly as?: "jump" | "operator";
        };
        /** A peer of the tunnel, beside those of access.wireguard.peers. */
        readonly wireguard?: {
          readonly publicKey: string;
          readonly address: string;
        };
        /** Applications of servers that may be connected to, by the tunnel or through the bastion, beside the API and the published ports. @default [] */
        readonly applications?: readonly (
          | "haproxy"
          | "reverse-proxy"
          | "openvpn"
          | "prometheus"
          | "alertmanager"
          | "node-exporter"
          | "elasticsearch"
          | "grafana"
          | "kibana"
          | "nexus"
          | "dns"
        )[];
        readonly kubernetes?: {
          /** A role in all namespaces, tenants' too. */
          readonly everywhere?: "view" | "edit" | "admin" | "cluster-admin";
          /** Roles in single namespaces of this environment. @default {} */
          readonly namespaces?: Readonly<Record<string, "view" | "edit" | "admin">>;
          /** With cluster.oidc: the value of usernameClaim for this person. */
          readonly user?: string;
        };
      }
    >
  >;
  /** Servers by role. */
  readonly servers: {
    /** Jump host: the one server that answers SSH from outside. */
    readonly bastion?: BastionInput;
    /** WireGuard, and HAProxy with keepalived in front of the API. */
    readonly gateway?: GatewayInput;
    /** HAProxy with keepalived in front of the ingress. */
    readonly loadBalancer?: GatewayInput;
    readonly controlPlane: ServerInput & {
      /** @default 3 */
      readonly min?: number;
      /** Slots left out, so that a server in the middle can go without moving the others. @default [] */
      readonly removed?: readonly number[];
      /** What differs for single slots, by slot. @default {} */
      readonly overrides?: Readonly<Record<string, OverrideInput>>;
      /** Spread over hypervisors: hard refuses to share one, soft avoids it. @default "soft" */
      readonly antiAffinity?: "none" | "soft" | "hard";
      /** Run ordinary pods here too: a one-node cluster. @default false */
      readonly schedulable?: boolean;
    };
    /** @default {} */
    readonly workers?: Readonly<
      Record<
        string,
        ServerInput & {
          /** How many slots the pool has. */
          readonly min: number;
          /** Slots left out, so that a server in the middle can go without moving the others. @default [] */
          readonly removed?: readonly number[];
          /** What differs for single slots, by slot. @default {} */
          readonly overrides?: Readonly<Record<string, OverrideInput>>;
          /** Spread over hypervisors: hard refuses to share one, soft avoids it. @default "soft" */
          readonly antiAffinity?: "none" | "soft" | "hard";
          /** Slots from `min` to `max − 1` belong to the autoscaler. Default: min. */
          readonly max?: number;
          /** Servers replaced at the same time in a roll. @default 1 */
          readonly maxUnavailable?: number;
          /** Labels of the Kubernetes nodes. @default {} */
          readonly labels?: Readonly<Record<string, string>>;
          /** @default [] */
          readonly taints?: readonly {
            readonly key: string;
            /** @default "" */
            readonly value?: string;
            readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
          }[];
          /** Devices of the flavor; pods request them by this resource name. */
          readonly gpu?: GpuInput;
          /** File systems that exist elsewhere, mounted on each node of the pool, by name. @default {} */
          readonly mounts?: Readonly<
            Record<
              string,
              | {
                  readonly kind: "nfs";
                  readonly server: string;
                  /** As the server exports it. */
                  readonly path: string;
                  /** @default "4.2" */
                  readonly version?: "4.0" | "4.1" | "4.2";
                  readonly mountPoint: string;
                  /** Whether nobody writes there from this lab; the data belongs to somebody else. @default true */
                  readonly readOnly?: boolean;
                }
              | {
                  readonly kind: "cephfs";
                  readonly monitors: readonly string[];
                  /** Its name in the Ceph cluster. */
                  readonly fileSystem: string;
                  /** @default "/" */
                  readonly path?: string;
                  /** Without `client.`; its key is given by `pulumi config set --secret labstead:ceph-<client>`. */
                  readonly client: string;
                  readonly mountPoint: string;
                  /** Whether nobody writes there from this lab; the data belongs to somebody else. @default true */
                  readonly readOnly?: boolean;
                }
              | {
                  readonly kind: "cvmfs";
                  /** Mounted at /cvmfs/<repository>. */
                  readonly repository: string;
                  /** Tried in turn. Default: the servers are asked directly. @default [] */
                  readonly proxies?: readonly string[];
                  /** Package of the client, from repositories that the image or `software` has. Default: the image has the client. */
                  readonly package?: string;
                }
              | {
                  readonly kind: "lustre";
                  readonly servers: readonly string[];
                  readonly fileSystem: string;
                  readonly mountPoint: string;
                  /** Whether nobody writes there from this lab; the data belongs to somebody else. @default true */
                  readonly readOnly?: boolean;
                  /** Package of the client, from repositories that the image or `software` has. Default: the image has the client. */
                  readonly package?: string;
                }
            >
          >;
          /** Part of the workers' range, counted from its start; needed as soon as there are two pools. */
          readonly range?: {
            readonly start: number;
            readonly size: number;
          };
          /** The key under which it was created, if the key has changed since. Cloud and cluster keep using this one; keep the line as long as the resource exists. */
          readonly formerly?: string;
        }
      >
    >;
    readonly gluster?: ServerInput & {
      /** @default 3 */
      readonly min?: number;
      /** Slots left out, so that a server in the middle can go without moving the others. @default [] */
      readonly removed?: readonly number[];
      /** What differs for single slots, by slot. @default {} */
      readonly overrides?: Readonly<Record<string, OverrideInput>>;
      /** Spread over hypervisors: hard refuses to share one, soft avoids it. @default "hard" */
      readonly antiAffinity?: "none" | "soft" | "hard";
    };
    readonly nfs?: BastionInput;
    /** @default {} */
    readonly applicationServers?: Readonly<
      Record<
        string,
        ServerInput & {
          /** Determines the address; never reuse one that another server has. */
          readonly slot: number;
          /** The key under which it was created, if the key has changed since. Cloud and cluster keep using this one; keep the line as long as the resource exists. */
          readonly formerly?: string;
          /** Applications of this server that the public may reach. @default [] */
          readonly publicApplications?: readonly (
            | "haproxy"
            | "reverse-proxy"
            | "openvpn"
            | "prometheus"
            | "alertmanager"
            | "node-exporter"
            | "elasticsearch"
            | "grafana"
            | "kibana"
            | "nexus"
            | "dns"
          )[];
        }
      >
    >;
    /** One server for each user, keyed by user. */
    readonly desktops?: ServerInput & {
      readonly users: Readonly<
        Record<
          string,
          {
            /** Determines the address; never reuse one that another server has. */
            readonly slot: number;
            readonly flavor?: string;
            /** Authorized on this server, in addition to the operators' keys. */
            readonly sshKey?: string;
          }
        >
      >;
    };
  };
  /** Where servers get their software from; a tenant's servers do as its owner's. */
  readonly software?:
    | {
        readonly kind: "repositories";
        /** The signing key of the Kubernetes packages: its fingerprint, or the key itself. @default {"kind":"fingerprint","fingerprint":"DE15B14486CD377B9E876E1A234654DA9A296436"} */
        readonly kubernetesKey?: KubernetesKeyInput | SoftwareKubernetesKeyInput;
        /** Where containerd comes from: Docker's repository (containerd.io) or the distribution. */
        readonly containerd?:
          | {
              readonly kind: "docker";
              /** The signing key of Docker's packages: its fingerprint, or the key itself. @default {"kind":"fingerprint","fingerprint":"9DC858229FC7DD38854AE2D88D81803C0EBFCD88"} */
              readonly key?: KubernetesKeyInput | SoftwareKubernetesKeyInput;
              /** Of containerd's package, which is held at it. Default: the major that the cluster's version needs. */
              readonly version?: string;
            }
          | ContainerdInput;
      }
    | {
        readonly kind: "mirror";
        /** Mirror of the distribution, in place of the image's own. */
        readonly distribution: string;
        /** Its security updates. Default: the same mirror. */
        readonly security?: string;
        /** Mirror of pkgs.k8s.io: core:/stable:/v<minor>/deb/ lies below it. */
        readonly kubernetes: string;
        /** The signing key of the Kubernetes packages: its fingerprint, or the key itself. @default {"kind":"fingerprint","fingerprint":"DE15B14486CD377B9E876E1A234654DA9A296436"} */
        readonly kubernetesKey?: KubernetesKeyInput | SoftwareKubernetesKeyInput;
        /** Where containerd comes from: a mirror of Docker's repository (containerd.io), or the distribution's own packages. */
        readonly containerd:
          | {
              readonly kind: "docker";
              /** Mirror of download.docker.com/linux: debian/ and ubuntu/ lie below it. */
              readonly url: string;
              /** The signing key of Docker's packages: its fingerprint, or the key itself. @default {"kind":"fingerprint","fingerprint":"9DC858229FC7DD38854AE2D88D81803C0EBFCD88"} */
              readonly key?: KubernetesKeyInput | SoftwareKubernetesKeyInput;
              /** Of containerd's package, which is held at it. Default: the major that the cluster's version needs. */
              readonly version?: string;
            }
          | ContainerdInput;
        /** Registry that has the images of each registry below its name. Default: none. */
        readonly images?: string;
      }
    | {
        readonly kind: "baked";
      };
  /** Where servers that are no cluster nodes send their logs; a tenant's servers do as its owner's. @default {"kind":"none"} */
  readonly logs?:
    | LoadBalancersInput
    | {
        readonly kind: "syslog";
        /** The collector, by the name in its certificate. */
        readonly host: string;
        /** @default 6514 */
        readonly port?: number;
        /** The authority of the collector's certificate, in PEM. Default: the authorities of the image. */
        readonly authority?: string;
        /** Size in MiB of the queue on each server's disk while the collector is unreachable. @default 1024 */
        readonly queue?: number;
      };
  /** The load balancer in front of the ingress and the published ports. @default {"kind":"haproxy","on":"loadBalancer","floatingIp":true} */
  readonly edge?: EdgeInput | OwnerEdgeInput | LoadBalancersInput;
  /** The one ingress controller of the cluster. */
  readonly ingress?: {
    /** The controller. Without the key it is the one that older environments have, so that none changes by an omitted line; write traefik for a new one. @default "ingress-nginx" */
    readonly kind?: "ingress-nginx" | "traefik";
    /** With kind traefik on a cluster that has ingress-nginx: both run, until the key is removed (docs/ingress.md). */
    readonly migration?: {
      /** Hosts that Traefik serves already; without any, all requests still go to ingress-nginx. @default [] */
      readonly moved?: readonly string[];
      /** Whether Traefik serves every host. @default false */
      readonly all?: boolean;
    };
    /** @default 30080 */
    readonly http?: number;
    /** @default 30443 */
    readonly https?: number;
    /** How clients reach the controller. The ports of ports.published stay with the edge. @default {"kind":"nodePort"} */
    readonly exposure?:
      | {
          readonly kind: "nodePort";
        }
      | {
          readonly kind: "octavia";
          /** Whether the address has a floating IP; false: it is reached from the servers' network only. @default true */
          readonly floatingIp?: boolean;
        }
      | {
          readonly kind: "metallb";
          /** Whether the address has a floating IP; false: it is reached from the servers' network only. @default true */
          readonly floatingIp?: boolean;
        };
    /** Networks that may reach 80 and 443. @default ["0.0.0.0/0"] */
    readonly from?: readonly string[];
    /** Applications see client addresses: every load balancer of the cluster, tenants' too, sends them to the ingress by the PROXY protocol; ingress-nginx refuses connections without it. @default false */
    readonly proxyProtocol?: boolean;
    /** Largest body of a request, for routes of applications that set none of their own. @default "1Mi" */
    readonly bodySize?: string;
    /** For routes of applications that set none of their own. */
    readonly timeouts?: {
      /** To connect to a pod. @default 5 */
      readonly connectSeconds?: number;
      /** Between two reads from an application; a websocket may be silent for as long. @default 60 */
      readonly readSeconds?: number;
      /** Between two writes to an application. @default 60 */
      readonly sendSeconds?: number;
    };
    /** given: set labstead:tlsCertificate and labstead:tlsKey by `pulumi config set --secret`; issuer: cert-manager of the cluster orders it. @default "selfSigned" */
    readonly certificate?: "selfSigned" | "given" | "issuer";
    /** With certificate issuer: an issuer of cert-manager, both of which the cluster has already. */
    readonly issuer?: {
      /** @default "ClusterIssuer" */
      readonly kind?: "ClusterIssuer" | "Issuer";
      /** Its name; an Issuer is in the namespace of the ingress controller. */
      readonly name: string;
    };
  };
  /** Ports that are open beside the ingress. */
  readonly ports?: PortsInput;
  /** What the API server lets into the namespaces of this environment and its tenants. */
  readonly rules?: {
    /** Where the images of pods may come from, in the owner's namespaces and its tenants'. @default {"kind":"listed","from":[]} */
    readonly images?:
      | {
          readonly kind: "listed";
          /** Sources beside the repositories of the lab's own images. @default [] */
          readonly from?: readonly string[];
        }
      | ImagesInput;
    /** Services of type LoadBalancer in the owner's namespaces: each is a load balancer of the cloud, with an address of its own beside the edge. A tenant has none. @default "refused" */
    readonly loadBalancers?: "refused" | "allowed";
    /** Hosts outside of `domain` that people's own Ingresses and routes may serve. @default [] */
    readonly hosts?: readonly string[];
    /** Namespaces in which some rules do not hold, such as those of a chart of your own. @default {} */
    readonly exceptions?: Readonly<
      Record<
        string,
        {
          readonly allow: readonly ("services" | "limits" | "images" | "hosts")[];
          readonly reason: string;
        }
      >
    >;
  };
  /** Storage classes: block volumes, and what pods share. */
  readonly storage?: {
    readonly block?: {
      /** @default "csi-sc-cinderplugin" */
      readonly className?: string;
      readonly volumeType?: string;
      /** What becomes of a volume when its claim is deleted; Retain leaves it to an administrator. @default "Delete" */
      readonly reclaimPolicy?: "Delete" | "Retain";
      /** Where volumes are, for clouds whose zones of Cinder are not those of Nova. @default {"kind":"server"} */
      readonly zones?:
        | {
            readonly kind: "server";
          }
        | ImagesInput
        | {
            readonly kind: "fixed";
            /** Of Cinder. */
            readonly zone: string;
          };
    };
    /** @default {"kind":"none"} */
    readonly shared?:
      | {
          readonly kind: "gluster";
          /** nfs: one volume, exported by every server; heketi-intree: a volume for each claim. @default "nfs" */
          readonly mode?: "heketi-intree" | "nfs";
          /** What each namespace may store in mode nfs, by namespace. Default: no limit. @default {} */
          readonly quotas?: Readonly<Record<string, Size>>;
          /** StorageClass of volumes that many pods write at once (ReadWriteMany). @default "glusterfs-storage" */
          readonly className?: string;
          /** What becomes of the files when a claim is deleted; Retain leaves them to an administrator. @default "Delete" */
          readonly reclaimPolicy?: "Delete" | "Retain";
        }
      | {
          readonly kind: "nfs-provisioner";
          /** Of the one block volume that all claims share. It can only grow. @default "6Gi" */
          readonly size?: Size;
          /** StorageClass of volumes that many pods write at once (ReadWriteMany). @default "nfs" */
          readonly className?: string;
          /** What becomes of the files when a claim is deleted; Retain leaves them to an administrator. @default "Delete" */
          readonly reclaimPolicy?: "Delete" | "Retain";
        }
      | LoadBalancersInput;
    /** Further classes by name, for charts that name theirs: block, bds1, cinder-block, nfs, nfss1. @default {} */
    readonly aliases?: Readonly<
      Record<
        string,
        | {
            readonly kind: "block";
          }
        | {
            readonly kind: "shared";
          }
        | {
            readonly kind: "ceph-rbd";
            /** Its fsid, as the driver knows it. */
            readonly clusterId: string;
            readonly pool: string;
            /** Where the administrator has installed the driver, with its Secrets. */
            readonly namespace: string;
            /** What becomes of a volume when its claim is deleted. @default "Delete" */
            readonly reclaimPolicy?: "Delete" | "Retain";
          }
        | {
            readonly kind: "cephfs";
            /** Its fsid, as the driver knows it. */
            readonly clusterId: string;
            readonly fileSystem: string;
            /** Where the administrator has installed the driver, with its Secrets. */
            readonly namespace: string;
            /** What becomes of a volume when its claim is deleted. @default "Delete" */
            readonly reclaimPolicy?: "Delete" | "Retain";
          }
        | {
            readonly kind: "manila";
            /** @default "nfs" */
            readonly protocol?: "nfs" | "cephfs";
            /** Manila's share type. */
            readonly shareType: string;
            /** Manila's share network, where the type needs one. */
            readonly shareNetwork?: string;
            /** Where the administrator has installed the driver, with its Secrets. */
            readonly namespace: string;
            /** What becomes of a volume when its claim is deleted. @default "Delete" */
            readonly reclaimPolicy?: "Delete" | "Retain";
          }
      >
    >;
    /** Class of claims that name none. Default: the class of storage.block. */
    readonly defaultClass?: string;
  };
  /** Environments that may use this cluster, by the names of their stacks. @default {} */
  readonly tenants?: Readonly<
    Record<
      string,
      {
        /** Which four addresses of the tenants' range are this tenant's. */
        readonly slot: number;
        /** NodePorts of the tenant's own Service in front of the shared ingress controller. */
        readonly ingress: {
          readonly http: number;
          readonly https: number;
        };
        /** Its share of the test window. */
        readonly window?: {
          readonly from: number;
          readonly to: number;
        };
        /** What the tenant's NodePorts are opened to: the load-balancer servers in its own addresses, or the whole network, where Octavia's have theirs. @default "haproxy" */
        readonly edge?: "haproxy" | "octavia";
        readonly namespaces: readonly string[];
        /** @default [] */
        readonly hosts?: readonly string[];
        /** Sources of its images beside the repositories of the lab's own, such as quay.io/jupyter. @default [] */
        readonly images?: readonly string[];
      }
    >
  >;
  /** Object containers, by key. @default {} */
  readonly containers?: Readonly<
    Record<
      string,
      {
        /** Default: <environment>-<key>. */
        readonly name?: string;
        readonly purpose: "state" | "velero" | "data";
        /** @default true */
        readonly versioning?: boolean;
      }
    >
  >;
  /** Credentials for what calls OpenStack from inside, by key. @default {} */
  readonly applicationCredentials?: Readonly<
    Record<
      string,
      {
        /** Default: member; of those that cluster.cloud.credentials names, what their users need. */
        readonly roles?: readonly string[];
        /** May make and delete other credentials. Keep it off. @default false */
        readonly unrestricted?: boolean;
        readonly expiresAt?: string;
        /** @default 1 */
        readonly generation?: number;
      }
    >
  >;
}

/** An environment that uses the cluster of another one, its owner. */
export interface TenantInput {
  /** The cluster of another environment. */
  readonly cluster: {
    readonly kind: "shared";
    /** Its stack's name. */
    readonly owner: string;
  };
  /** Domain of the lab; names of services are subdomains of it. */
  readonly domain: string;
  /** Default: the owner's. */
  readonly image?: string;
  /** Zones that servers are spread over, in turn by slot. */
  readonly availabilityZones?: readonly string[];
  /** server: create each volume in its server's zone, for clouds that do not attach across zones. @default "any" */
  readonly volumeZones?: "any" | "server";
  /** Set on every resource that supports tags, in addition to `labstead` and the environment's name. @default [] */
  readonly tags?: readonly string[];
  /** Set on every server, in addition to its own. @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Sizes of the flavors, to compare with the quota and to plan capacity. @default {} */
  readonly flavors?: Readonly<Record<string, FlavorInput>>;
  /** Limits of the tenancy as you know them; -1 for none. @default {} */
  readonly quota?: QuotaInput;
  /** What the cloud charges, for `labstead cost` and previews. Default: of a tenant the owner's. */
  readonly prices?: PricesInput;
  /** How much namespaces of applications and projects may use, by name, where the default does not fit. @default {} */
  readonly namespaces?: Readonly<Record<string, NamespaceInput>>;
  /** What the lab offers to its users. */
  readonly apps?: AppsInput;
  /** Deployment of the charts: objects as one resource each, or applySet, one for each namespace, for thousands of objects; between them one up with handover. @default "objects" */
  readonly deploy?: "objects" | "handover" | "applySet";
  /** Deployment of the charts of single parts, by the parts' keys, where it differs: `userPods: applySet` for thousands of people. @default {} */
  readonly deployParts?: Readonly<Record<string, "objects" | "handover" | "applySet">>;
  /** Disruptive changes that a person has allowed. */
  readonly changes?: ChangesInput;
  /** Warnings and notes of the checks that may stay, each with the reason. @default [] */
  readonly acceptedFindings?: readonly AcceptedFindingInput[];
  /** The tenant's own load balancer. */
  readonly servers?: {
    readonly loadBalancer?: ServerInput & {
      /** @default 1 */
      readonly min?: number;
      /** Slots left out, so that a server in the middle can go without moving the others. @default [] */
      readonly removed?: readonly number[];
      /** What differs for single slots, by slot. @default {} */
      readonly overrides?: Readonly<Record<string, OverrideInput>>;
      /** Spread over hypervisors: hard refuses to share one, soft avoids it. @default "soft" */
      readonly antiAffinity?: "none" | "soft" | "hard";
    };
  };
  /** The load balancer in front of the ingress and the published ports. @default {"kind":"haproxy","on":"loadBalancer","floatingIp":true} */
  readonly edge?: EdgeInput | OwnerEdgeInput | LoadBalancersInput;
  /** The tenant's Service in front of the shared ingress controller. */
  readonly ingress?: {
    /** @default 31080 */
    readonly http?: number;
    /** @default 31443 */
    readonly https?: number;
    /** @default ["0.0.0.0/0"] */
    readonly from?: readonly string[];
  };
  /** The tenant's share of the test window. */
  readonly ports?: PortsInput;
}

/** Applications on a cluster that somebody else made. */
export interface ExistingInput {
  /** An existing cluster, reached by labstead:kubeconfig. */
  readonly cluster: {
    readonly kind: "existing";
    /** Name in messages. Default: the environment's name. */
    readonly name?: string;
    /** Of its API servers, such as 1.36. */
    readonly version: string;
    /** Network of its nodes, as policies name the API servers behind their Service. */
    readonly nodeCidr: string;
    /** Addresses of its Services. */
    readonly serviceCidr: string;
    /** StorageClasses that it has. */
    readonly storage: {
      /** Its StorageClass for volumes that one node uses at a time. */
      readonly block: string;
      /** Its StorageClass for volumes that many pods write at once. */
      readonly shared?: string;
    };
    /** Its ingress controller; its certificates are its own. */
    readonly ingress: {
      /** Its IngressClass. */
      readonly className: string;
      /** Where its ingress controller runs. */
      readonly namespace: string;
      /** What selects the controller's pods, for NetworkPolicies that let them in. @default {"app.kubernetes.io/name":"ingress-nginx"} */
      readonly podLabels?: Readonly<Record<string, string>>;
    };
    /** Whether its network plugin enforces NetworkPolicies. */
    readonly enforcesPolicies: boolean;
    /** Devices of its nodes, such as nvidia.com/gpu. @default [] */
    readonly devices?: readonly string[];
    /** Labels that applications may select nodes by, an entry for each group of nodes that are alike. @default [] */
    readonly nodeLabels?: readonly Readonly<Record<string, string>>[];
  };
  /** Domain of the lab; names of services are subdomains of it. */
  readonly domain: string;
  /** How much namespaces of applications and projects may use, by name, where the default does not fit. @default {} */
  readonly namespaces?: Readonly<Record<string, NamespaceInput>>;
  /** What the lab offers to its users. */
  readonly apps?: AppsInput;
  /** Deployment of the charts: objects as one resource each, or applySet, one for each namespace, for thousands of objects; between them one up with handover. @default "objects" */
  readonly deploy?: "objects" | "handover" | "applySet";
  /** Deployment of the charts of single parts, by the parts' keys, where it differs: `userPods: applySet` for thousands of people. @default {} */
  readonly deployParts?: Readonly<Record<string, "objects" | "handover" | "applySet">>;
  /** Disruptive changes that a person has allowed. */
  readonly changes?: ChangesInput;
  /** Warnings and notes of the checks that may stay, each with the reason. @default [] */
  readonly acceptedFindings?: readonly AcceptedFindingInput[];
}

/** An environment of any kind. */
export type EnvironmentInput = OwnerInput | TenantInput | ExistingInput;

/** `cluster.cloud.loadBalancers.classe` */
export interface ClasseInput {
  /** External network of the floating IP. */
  readonly floatingNetworkId?: string;
  /** Its subnet. */
  readonly floatingSubnetId?: string;
  /** Network of the VIP. */
  readonly networkId?: string;
  /** Subnet of the VIP. */
  readonly subnetId?: string;
  /** Subnet of the load balancer's own port towards the nodes. */
  readonly memberSubnetId?: string;
}

/** `cluster.cloud.loadBalancers` */
export interface LoadBalancersInput {
  readonly kind: "none";
}

/** `apps.hub.hub.signIn.letIn` */
export interface LetInInput {
  /** Everyone whom the platform or the provider signs in. */
  readonly kind: "everyone";
}

/** `apps.hub.hub.signIn.letIn` */
export interface SignInLetInInput {
  readonly kind: "listed";
  readonly users: readonly string[];
}

/** `apps.hub.hub.image` */
export interface ImageInput {
  readonly name: string;
  readonly tag: string;
}

/** `apps.hub.hub.server.cpu` */
export interface CpuInput {
  /** @default "100m" */
  readonly guarantee?: string;
  /** @default "1" */
  readonly limit?: string;
}

/** `apps.hub.hub.server.memory` */
export interface MemoryInput {
  /** @default "512Mi" */
  readonly guarantee?: string;
  /** @default "1Gi" */
  readonly limit?: string;
}

/** `apps.hub.hub.profile.gpu` */
export interface GpuInput {
  /** @default "nvidia.com/gpu" */
  readonly resource?: string;
  /** @default 1 */
  readonly count?: number;
}

/** `apps.userPods.volume` */
export interface VolumeInput {
  /** A claim of the namespace that somebody else has made. */
  readonly kind: "claim";
  readonly name: string;
}

/** `apps.userPods.volume` */
export interface UserPodsVolumeInput {
  /** An export of a file server, as a volume and claim of the whole namespace. */
  readonly kind: "nfs";
  readonly server: string;
  readonly path: string;
  /** For the claim; NFS does not enforce it. @default "1Ti" */
  readonly size?: Size;
}

/** `apps.userPods.volume` */
export interface AppsUserPodsVolumeInput {
  /** A volume that exists in a storage system, as a volume and claim of the whole namespace. */
  readonly kind: "csi";
  readonly driver: string;
  readonly handle: string;
  /** As the driver's documentation names them; never a secret. @default {} */
  readonly attributes?: Readonly<Record<string, string>>;
  /** @default "1Ti" */
  readonly size?: Size;
}

/** `apps.projects.project.stack.cpu` */
export interface StackCpuInput {
  readonly request: string;
  readonly limit: string;
}

/** `apps.projects.project.stack.public` */
export interface PublicInput {
  readonly reason: string;
}

/** `network.ranges.vip` */
export interface VipInput {
  readonly start: string;
  readonly end: string;
}

/** `network.ranges` */
export interface RangesInput {
  readonly vip?: VipInput;
  readonly bastion?: VipInput;
  readonly gateway?: VipInput;
  readonly loadBalancer?: VipInput;
  readonly controlPlane?: VipInput;
  readonly gluster?: VipInput;
  readonly nfs?: VipInput;
  readonly applicationServers?: VipInput;
  readonly desktops?: VipInput;
  readonly workers?: VipInput;
  readonly tenants?: VipInput;
}

/** `access.operator` */
export interface OperatorInput {
  readonly kind: "allowlist";
  readonly from: readonly string[];
}

/** `access.operator` */
export interface AccessOperatorInput {
  readonly kind: "tunnel";
}

/** `access.operator` */
export interface OwnerAccessOperatorInput {
  readonly kind: "wireguard";
}

/** `access.ssh` */
export interface SshInput {
  /** Networks that may reach the bastion's port 22. */
  readonly from: readonly string[];
}

/** `access.wireguard` */
export interface WireguardInput {
  /** Addresses inside the tunnel; the gateway takes the first. */
  readonly cidr: string;
  /** @default 7777 */
  readonly port?: number;
  /** Networks that may send handshakes. WireGuard does not answer unknown peers, so the default is any address. @default ["0.0.0.0/0"] */
  readonly from?: readonly string[];
  /** @default {} */
  readonly peers?: Readonly<
    Record<
      string,
      {
        readonly publicKey: string;
        readonly address: string;
        /** Applications of servers that may be connected to, by the tunnel or through the bastion, beside the API and the published ports. @default [] */
        readonly applications?: readonly (
          | "haproxy"
          | "reverse-proxy"
          | "openvpn"
          | "prometheus"
          | "alertmanager"
          | "node-exporter"
          | "elasticsearch"
          | "grafana"
          | "kibana"
          | "nexus"
          | "dns"
        )[];
      }
    >
  >;
}

/** `servers.server` */
export interface ServerInput {
  /** Flavor in Nova. */
  readonly flavor: string;
  /** Default: the environment's image. */
  readonly image?: string;
  /** Zones in turn by slot. Default: the environment's zones. */
  readonly availabilityZones?: readonly string[];
  /** Boot from a Cinder volume of this size instead of the flavor's disk. */
  readonly bootVolume?: {
    readonly size: Size;
    readonly type?: string;
  };
  /** Cinder volumes of each server, by name. @default {} */
  readonly volumes?: Readonly<
    Record<
      string,
      {
        readonly size: Size;
        /** Cinder volume type; the cloud's default if absent. */
        readonly type?: string;
        readonly use:
          | {
              readonly kind: "filesystem";
              /** @default "ext4" */
              readonly type?: "ext4" | "xfs";
              readonly mountPoint: string;
            }
          | {
              readonly kind: "raw";
              /** @default "/dev/sdb" */
              readonly device?: string;
            }
          | {
              readonly kind: "swap";
            };
        /** Refuse to delete it. Default: yes for file systems and raw disks, no for swap. */
        readonly protect?: boolean;
      }
    >
  >;
  /** A floating IP of its own. @default false */
  readonly floatingIp?: boolean;
  /** Increment it to replace the pool's servers with the current image and user data, one at a time. @default 1 */
  readonly generation?: number;
  /** Nova metadata beside the program's own. @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
  /** @default [] */
  readonly tags?: readonly string[];
  /** Applications that you run here: each opens its ports inside the network, and is not installed. @default [] */
  readonly applications?: readonly (
    | "haproxy"
    | "reverse-proxy"
    | "openvpn"
    | "prometheus"
    | "alertmanager"
    | "node-exporter"
    | "elasticsearch"
    | "grafana"
    | "kibana"
    | "nexus"
    | "dns"
  )[];
}

/** `servers.bastion.override` */
export interface OverrideInput {
  readonly flavor?: string;
  readonly image?: string;
  readonly availabilityZone?: string;
  readonly name?: string;
}

/** `servers.bastion` */
export interface BastionInput extends ServerInput {
  /** @default 1 */
  readonly min?: number;
  /** Slots left out, so that a server in the middle can go without moving the others. @default [] */
  readonly removed?: readonly number[];
  /** What differs for single slots, by slot. @default {} */
  readonly overrides?: Readonly<Record<string, OverrideInput>>;
  /** Spread over hypervisors: hard refuses to share one, soft avoids it. @default "none" */
  readonly antiAffinity?: "none" | "soft" | "hard";
}

/** `servers.gateway` */
export interface GatewayInput extends ServerInput {
  /** @default 2 */
  readonly min?: number;
  /** Slots left out, so that a server in the middle can go without moving the others. @default [] */
  readonly removed?: readonly number[];
  /** What differs for single slots, by slot. @default {} */
  readonly overrides?: Readonly<Record<string, OverrideInput>>;
  /** Spread over hypervisors: hard refuses to share one, soft avoids it. @default "soft" */
  readonly antiAffinity?: "none" | "soft" | "hard";
}

/** `software.kubernetesKey` */
export interface KubernetesKeyInput {
  readonly kind: "fingerprint";
  readonly fingerprint: string;
}

/** `software.kubernetesKey` */
export interface SoftwareKubernetesKeyInput {
  readonly kind: "given";
  readonly armored: string;
}

/** `software.containerd` */
export interface ContainerdInput {
  readonly kind: "distribution";
  /** Of containerd's package, which is held at it. Default: the major that the cluster's version needs. */
  readonly version?: string;
}

/** `rules.images` */
export interface ImagesInput {
  readonly kind: "any";
}

/** `flavor` */
export interface FlavorInput {
  readonly vcpus: number;
  readonly ramMiB: number;
  /** 0 for a flavor without a disk. Default: not known. */
  readonly diskGiB?: number;
}

/** `quota` */
export interface QuotaInput {
  readonly instances?: number;
  readonly cores?: number;
  readonly ramMiB?: number;
  readonly volumes?: number;
  readonly volumeGiB?: number;
  readonly ports?: number;
  readonly floatingIps?: number;
  readonly networks?: number;
  readonly routers?: number;
  readonly securityGroups?: number;
  readonly securityGroupRules?: number;
  readonly serverGroups?: number;
  readonly serverGroupMembers?: number;
  readonly loadBalancers?: number;
}

/** `prices` */
export interface PricesInput {
  /** What all prices are counted in. */
  readonly in:
    | {
        readonly kind: "money";
        readonly currency: string;
      }
    | {
        readonly kind: "allocation";
        /** Its name, as the provider writes it: SU. */
        readonly unit: string;
      };
  /** Of a server, by flavor. @default {} */
  readonly flavors?: Readonly<Record<string, Price>>;
  /** Of a GiB of a volume, by volume type. @default {} */
  readonly volumeTypes?: Readonly<Record<string, Price>>;
  /** Of a GiB of volumes that name no volume type. */
  readonly defaultVolumeType?: Price;
  /** Of a floating IP. */
  readonly floatingIp?: Price;
  /** Of a load balancer of Octavia. */
  readonly loadBalancer?: Price;
}

/** `namespace` */
export interface NamespaceInput {
  /** @default 50 */
  readonly pods?: number;
  /** Sum of all its pods' requests. */
  readonly requests?: {
    /** @default "4" */
    readonly cpu?: string;
    /** @default "4Gi" */
    readonly memory?: string;
    /** Disk of nodes: logs, scratch volumes, what containers write. @default "20Gi" */
    readonly ephemeralStorage?: string;
  };
  /** Sum of all its pods' limits. */
  readonly limits?: {
    /** @default "8" */
    readonly cpu?: string;
    /** @default "16Gi" */
    readonly memory?: string;
    /** @default "200Gi" */
    readonly ephemeralStorage?: string;
  };
  /** @default 50 */
  readonly claims?: number;
  /** Sum of all its claims. @default "2Ti" */
  readonly storage?: Size;
  /** What a single claim may ask for. @default "1Ti" */
  readonly largestClaim?: Size;
  /** Of a container that sets none. */
  readonly containers?: {
    readonly requests?: {
      /** @default "250m" */
      readonly cpu?: string;
      /** @default "128Mi" */
      readonly memory?: string;
      /** @default "128Mi" */
      readonly ephemeralStorage?: string;
    };
    readonly limits?: {
      /** @default "500m" */
      readonly cpu?: string;
      /** @default "256Mi" */
      readonly memory?: string;
      /** A pod that writes more to its node is evicted. @default "2Gi" */
      readonly ephemeralStorage?: string;
    };
  };
}

/** `apps` */
export interface AppsInput {
  readonly datalab?: {
    /** prod: datalab, test: testlab. */
    readonly namespace: string;
    /** Where the lab answers; docs and catalogue hang on names derived from it. */
    readonly host: string;
    /** 1 each for a test environment, 2 each for production. */
    readonly replicas?: {
      /** @default 1 */
      readonly app?: number;
      /** @default 1 */
      readonly api?: number;
      /** @default 1 */
      readonly infrastructureApi?: number;
    };
    /** Tags by component, where they differ from the pinned ones. */
    readonly imageTags?: {
      readonly app?: string;
      readonly api?: string;
      readonly auth?: string;
      readonly infrastructureApi?: string;
      readonly docs?: string;
      readonly mongodb?: string;
      readonly kubectl?: string;
    };
    readonly auth: {
      readonly issuer: string;
      readonly audience: string;
      /** @default "datalabs" */
      readonly clientId?: string;
    };
    /** Projects by their keys. The infrastructure API has rights in its own namespace and in the namespaces <key> and <key>-compute of these, and nowhere else. @default {} */
    readonly projects?: Readonly<
      Record<
        string,
        {
          /** existing: both exist already, such as those that an older infrastructure API has created; they get its rights and stay as they are. @default "made" */
          readonly namespaces?: "made" | "existing";
        }
      >
    >;
    /** Stops notebooks that nobody has opened for some days; their files stay. Default: they run on. */
    readonly unusedNotebooks?: {
      /** @default 14 */
      readonly warnDays?: number;
      /** @default 31 */
      readonly stopDays?: number;
    };
    readonly storage?: {
      /** @default "10Gi" */
      readonly databaseSize?: Size;
      /** Default: the block class of the environment. */
      readonly databaseClass?: string;
    };
  };
  readonly hub?: {
    /** Where all hubs answer, each at its path. Default: hubs.<domain>. */
    readonly host?: string;
    /** Scheduled copies of the hubs' databases in an object store. Default: none. */
    readonly backups?: {
      /** The S3 interface of the object store. Its keys are given by pulumi config set --secret labstead:hub-backups-access-key and labstead:hub-backups-secret-key. */
      readonly endpoint: string;
      /** What the store signs requests for; Ceph and Swift take us-east-1 unless they were set up otherwise. @default "us-east-1" */
      readonly region?: string;
      /** The object container; it has to exist, such as one of `containers`, which is named <environment>-<key>. */
      readonly bucket: string;
      /** When every database is copied, as cron writes it, in UTC. @default "17 2 * * *" */
      readonly schedule?: string;
      /** Copies of each database that are kept; older ones are deleted after a new one is stored. @default 30 */
      readonly keep?: number;
      /** Copies of people's files, of homes of kind drive and shared; those of kind claim are a volume each, of which Cinder makes snapshots. Default: none. */
      readonly homes?: {
        /** When all files are copied, as cron writes it, in UTC. @default "17 3 * * *" */
        readonly schedule?: string;
        /** Copies of each home that are kept. @default 7 */
        readonly keep?: number;
      };
    };
    /** Pods that read the metrics of all hubs and their proxies, for a dashboard. Default: none may. */
    readonly metrics?: {
      /** Of the pods that scrape, such as monitoring. */
      readonly namespace: string;
      /** Their label app.kubernetes.io/name; no other pod of that namespace is admitted. @default "prometheus" */
      readonly name?: string;
    };
    /** Nodes that are ready for people, for all hubs together. Default: Kubernetes' own scheduler alone. */
    readonly scheduling?: {
      /** Of the scheduler, the placeholders and the pullers. @default "hub-scheduling" */
      readonly namespace?: string;
      /** People's servers are put on the fullest node that has room, so that nodes become free. @default false */
      readonly userScheduler?: boolean;
      /** One pool for all hubs. Default: none; useful where nodes are added on demand. */
      readonly userPlaceholder?: {
        /** How many nodes are kept free for people. */
        readonly replicas: number;
        /** Of a placeholder: what a node has free for people, so that no second one fits beside it. */
        readonly cpu: string;
        /** Likewise. */
        readonly memory: string;
      };
      /** Every node of people's servers has all images of servers before somebody starts one. @default false */
      readonly continuousImagePuller?: boolean;
    };
    /** By name: /<name>/ is a hub's path. @default {} */
    readonly hubs?: Readonly<
      Record<
        string,
        {
          /** Of the hub and its users' servers. Default: the hub's name. */
          readonly namespace?: string;
          /** Whether the namespace is there already, with people's claims: the program makes what is in it, and neither makes nor deletes the namespace itself. @default false */
          readonly existingNamespace?: boolean;
          /** On the host. Default: /<hub>/. */
          readonly path?: string;
          /** Whether the ingress serves it; a hub that is not published is opened by kubectl port-forward. @default true */
          readonly published?: boolean;
          /** Of JupyterHub. @default "5.5" */
          readonly version?: "5.5" | "6.1";
          /** Of the hub. Default for 5.5: that of zero-to-jupyterhub; for 6.1 there is none to be had yet. */
          readonly image?: ImageInput;
          /** How people sign in, and who is let in. */
          readonly signIn:
            | {
                readonly kind: "native";
                /** @default 12 */
                readonly minimumPasswordLength?: number;
                /** Wrong passwords in a row before the name is locked. @default 5 */
                readonly failedLogins?: number;
                /** How long a name stays locked. @default 600 */
                readonly lockSeconds?: number;
              }
            | {
                readonly kind: "oidc";
                /** Its secret is given by pulumi config set --secret labstead:hub-<hub>-client-secret. */
                readonly clientId: string;
                readonly authorizeUrl: string;
                readonly tokenUrl: string;
                readonly userdataUrl: string;
                /** @default "preferred_username" */
                readonly usernameClaim?: string;
                /** @default "groups" */
                readonly groupsClaim?: string;
                /** @default ["openid","profile","email"] */
                readonly scopes?: readonly string[];
                /** @default [] */
                readonly adminGroups?: readonly string[];
                readonly letIn:
                  | LetInInput
                  | SignInLetInInput
                  | {
                      /** Members of groups of the provider. */
                      readonly kind: "groups";
                      readonly groups: readonly string[];
                    };
              }
            | {
                readonly kind: "lti13";
                readonly issuer: string;
                readonly clientId: string;
                readonly authorizeUrl: string;
                readonly jwksUrl: string;
                /** @default "sub" */
                readonly usernameKey?: string;
                readonly letIn: LetInInput | SignInLetInInput;
              }
            | {
                readonly kind: "lti11";
                /** Entered in the platform, with the shared secret. */
                readonly consumerKey: string;
                /** Parameter of a launch that names the person; it must never name two people. @default "user_id" */
                readonly usernameKey?: string;
                readonly letIn: LetInInput | SignInLetInInput;
              }
            | {
                /** Any name, any password: for trying out, never published. */
                readonly kind: "dummy";
              };
          /** @default [] */
          readonly admins?: readonly string[];
          readonly homes?:
            | {
                /** A volume for each person, made at the first start of a server. */
                readonly kind: "claim";
                /** Of each volume; a full one affects nobody else. @default "10Gi" */
                readonly size?: Size;
                /** People who may have a home at once; the namespace's quota of claims follows from it. @default 200 */
                readonly people?: number;
                /** Default: the block class of the environment. */
                readonly storageClass?: string;
              }
            | {
                /** A folder for each person in one claim of the shared class. */
                readonly kind: "shared";
                /** Of the claim; NFS does not enforce it. @default "100Gi" */
                readonly size?: Size;
                /** Default: the shared class of the environment; a tenant names its owner's. */
                readonly storageClass?: string;
                /** Refused: no shared class limits one person's files. */
                readonly quota?: Size;
              }
            | {
                /** A folder for each person on an NFS server of the hub's own. */
                readonly kind: "drive";
                /** Whose files they are: `shared-uid`, all of the user 1000; `own-uid`, each person has a number of their own. @default "shared-uid" */
                readonly owner?: "shared-uid" | "own-uid";
                /** Of the drive's volume, for all homes and shared directories together. @default "100Gi" */
                readonly size?: Size;
                /** What one person's files may take. Default: nothing but the drive's size limits them. */
                readonly quota?: Size;
                /** Of the drive's volume; for a quota it makes XFS. Default: a class of the program, which does. */
                readonly storageClass?: string;
                /** Of the drive, in the network of Services. Default: one that follows from the hub's name. */
                readonly address?: string;
              };
          /** Directories at ~/shared/<name> of every server, read-only but for those who may write. @default {} */
          readonly sharedDirectories?: Readonly<
            Record<
              string,
              | {
                  /** Of this hub: on its drive, else in a claim of a class that many pods write. */
                  readonly kind: "own";
                  readonly writers?: {
                    /** Whether the hub's admins write. @default true */
                    readonly admins?: boolean;
                    /** Groups of the hub whose members write; with `oidc` those of the provider. @default [] */
                    readonly groups?: readonly string[];
                  };
                  /** Of the directory. Default: nothing but the drive's size limits it; of a claim, 100Gi. */
                  readonly size?: Size;
                  /** Of the claim. Default: that of shared homes, or the shared class of the environment. */
                  readonly storageClass?: string;
                }
              | {
                  /** Of another hub of the environment, whose homes are on a drive. */
                  readonly kind: "hub";
                  /** The other hub's name. */
                  readonly hub: string;
                  /** Its name there. Default: the same. */
                  readonly directory?: string;
                  readonly writers?: {
                    /** Whether this hub's admins write. @default false */
                    readonly admins?: boolean;
                    /** Groups of the hub whose members write; with `oidc` those of the provider. @default [] */
                    readonly groups?: readonly string[];
                  };
                }
            >
          >;
          /** Of each user; a profile overrides it. */
          readonly server?: {
            /** Default: Jupyter's base-notebook, at a fixed tag. */
            readonly image?: ImageInput;
            readonly cpu?: CpuInput;
            readonly memory?: MemoryInput;
            /** What opens: /lab, /rstudio, /tree. @default "/lab" */
            readonly defaultUrl?: string;
            /** How long a server may take to start before its start is reported as failed, with the reason. @default 300 */
            readonly startSeconds?: number;
            /** Whether servers reach public addresses; private ones and the cloud's metadata they never do. @default true */
            readonly internet?: boolean;
          };
          /** What a person can choose at the start of a server, the first one by default. @default {} */
          readonly profiles?: Readonly<
            Record<
              string,
              {
                readonly title: string;
                readonly description?: string;
                /** Whose members are offered it: groups of the provider with oidc, else of the hub's admin page. Default: everybody. */
                readonly groups?: readonly string[];
                readonly image?: ImageInput;
                readonly cpu?: CpuInput;
                readonly memory?: MemoryInput;
                /** What opens: /lab, /rstudio, /tree. */
                readonly defaultUrl?: string;
                readonly gpu?: GpuInput;
              }
            >
          >;
          readonly cull?:
            | {
                readonly kind: "idle";
                /** A server and its kernels stop when they did nothing for this long, open tabs or not. @default 3600 */
                readonly timeoutSeconds?: number;
                /** How often the culler looks. @default 600 */
                readonly everySeconds?: number;
                /** A server of this age stops even while it works. Default: none does. */
                readonly maxAgeSeconds?: number;
              }
            | {
                /** Servers run until their owners stop them. */
                readonly kind: "never";
              };
          /** Servers that run at once; the quota of the namespace follows from it. @default 50 */
          readonly activeServerLimit?: number;
          /** How pods choose nodes by the label hub.jupyter.org/node-purpose: core or user. @default "prefer" */
          readonly nodePurpose?: "ignore" | "prefer" | "require";
          /** The volume of the hub's SQLite file: users, groups, tokens, running servers. */
          readonly database?: {
            /** @default "1Gi" */
            readonly size?: Size;
            /** Default: the block class of the environment. */
            readonly storageClass?: string;
            /** A claim of the namespace that has the database already, such as hub-db-dir of zero-to-jupyterhub; the program neither makes nor deletes it, and its size and class are its own. */
            readonly existingClaim?: string;
          };
          /** Any other setting of jupyterhub_config.py, as Class.trait; never one that the program sets. @default {} */
          readonly traitlets?: Readonly<Record<string, string | number | boolean>>;
        }
      >
    >;
  };
  readonly userPods?: {
    /** Of all pods, with their Services and claims. @default "user-pods" */
    readonly namespace?: string;
    /** Of each user's pod, by name. They share one network: each port once. */
    readonly containers: Readonly<
      Record<
        string,
        {
          readonly image: ImageInput;
          /** Default: the image's own. */
          readonly args?: readonly string[];
          /** On which it listens, by TCP. */
          readonly port?: number;
          /** Anyone in the namespace can read it. @default {} */
          readonly env?: Readonly<Record<string, string>>;
          /** @default {"kind":"user"} */
          readonly runsAs?:
            | {
                /** The user's UID and GID, from the start. */
                readonly kind: "user";
              }
            | {
                /** For images that start as root and change to PUID and PGID: an exception, for which the namespace enforces the Pod Security level baseline. */
                readonly kind: "puid";
                readonly reason: string;
              };
          /** By the name of the volume. @default {} */
          readonly mounts?: Readonly<
            Record<
              string,
              {
                readonly path: string;
                /** Whether the container can only read there. @default false */
                readonly readOnly?: boolean;
              }
            >
          >;
          /** Empty folders with their sizes, for programs that write outside of volumes: /tmp. @default {} */
          readonly scratch?: Readonly<Record<string, string>>;
          readonly cpu?: {
            /** @default "100m" */
            readonly request?: string;
            /** @default "1" */
            readonly limit?: string;
          };
          readonly memory?: {
            /** @default "256Mi" */
            readonly request?: string;
            /** @default "2Gi" */
            readonly limit?: string;
          };
        }
      >
    >;
    /** Container to whose port the Service leads. Default: the one with a port, if there is one only. */
    readonly entry?: string;
    /** Of each user's pod, by name. @default {} */
    readonly volumes?: Readonly<
      Record<
        string,
        | VolumeInput
        | {
            /** A claim for each user, kept when the user is removed. */
            readonly kind: "perUser";
            /** @default "10Gi" */
            readonly size?: Size;
            /** Default: the block class of the environment. */
            readonly storageClass?: string;
          }
        | UserPodsVolumeInput
        | AppsUserPodsVolumeInput
      >
    >;
    /** LDAP server from which `labstead users add` and `check` take UIDs; `up` never asks it. */
    readonly directory?: {
      /** Of the LDAP server. It is never asked without TLS: with ldap://, StartTLS comes first. */
      readonly url: string;
      /** Entry below which people are looked for. */
      readonly base: string;
      /** Attribute with the name of a person: a user name, an e-mail address, a federal id. @default "uid" */
      readonly nameAttribute?: string;
      /** Whose password is read from $LABSTEAD_LDAP_PASSWORD. Default: anonymous. */
      readonly bindDn?: string;
      /** File with the authority's certificate, below the folder of the stack file. Default: Node.js' own. */
      readonly certificateAuthority?: string;
      /** For the connection, and for each answer. @default 10 */
      readonly timeoutSeconds?: number;
    };
    /** By name: whose pods there are. @default {} */
    readonly users?: Readonly<
      Record<
        string,
        {
          /** As the file server knows the user; it names the pod: uid<UID>. */
          readonly uid: number;
          /** Primary group. Default: the UID, a group of the user's own. */
          readonly gid?: number;
          /** Value of directory.nameAttribute. Default: the user's name here. */
          readonly directoryName?: string;
          /** With exposure nodePort: a port of ports.window at which the user's pod answers. */
          readonly nodePort?: number;
          /** With exposure gateway: how the sign-in names the user, such as an e-mail address. Default: the user's name here. */
          readonly signInName?: string;
          /** Who may start and stop the pod, as the API server names the user. Default: the person of this name in `people`; without one, operators only. */
          readonly kubernetesUser?: string;
        }
      >
    >;
    /** Pods that run at once; the quota of the namespace follows from it. @default 50 */
    readonly activePodLimit?: number;
    /** Labels of the nodes on which the pods run. Default: any node. @default {} */
    readonly nodes?: Readonly<Record<string, string>>;
    /** How users reach their pods. */
    readonly exposure:
      | {
          /** A path for each user, behind a sign-in of the ingress: /uid<UID>. */
          readonly kind: "ingress";
          /** Default: pods.<domain>. */
          readonly host?: string;
          readonly auth: {
            /** Asked for each request: 200 lets it in. {uid} and {user} are of the pod's owner. */
            readonly url: string;
            readonly signIn?: string;
          };
          /** Whether the pod gets requests without /uid<UID>; false for programs that know their path. @default true */
          readonly stripPath?: boolean;
        }
      | {
          /** A page on which people sign in, and start, open and stop their own pods: /uid<UID>. */
          readonly kind: "gateway";
          /** Of the gateway alone. Default: pods.<domain>. */
          readonly host?: string;
          /** Who somebody is. */
          readonly identity:
            | {
                /** An OpenID Connect provider, asked by oauth2-proxy in the gateway's pod. */
                readonly kind: "oidc";
                readonly issuer: string;
                /** Its secret is given by pulumi config set --secret labstead:user-pods-client-secret; its redirect URL is https://<host>/oauth2/callback. */
                readonly clientId: string;
                /** Claim that names the person; nobody may be able to change it. E-mail addresses must be verified. @default "preferred_username" */
                readonly nameClaim?: "preferred_username" | "email";
                /** How long a person stays signed in. @default 43200 */
                readonly sessionSeconds?: number;
              }
            | {
                /** Name and password on the gateway's page, by a bind to `directory`. */
                readonly kind: "ldap";
                /** Entry of a person, with {name}. Default: <directory.nameAttribute>={name},<directory.base>. */
                readonly dn?: string;
                /** Certificate of the authority of the directory, in PEM. Default: Node.js' own. */
                readonly authority?: string;
                /** How long a person stays signed in. @default 43200 */
                readonly sessionSeconds?: number;
              }
            | {
                /** A service that answers 2xx with the name in a header, or 401; the gateway asks it for each request. */
                readonly kind: "authUrl";
                readonly url: string;
                /** Header of the service's answer with the name of the person. @default "X-Auth-Request-Preferred-Username" */
                readonly nameHeader?: string;
                /** Cookie of the service, also with a number after it; no pod gets it. @default "_oauth2_proxy" */
                readonly cookie?: string;
                /** Page to which a browser is sent with the wanted page as rd. Default: the answer 401. */
                readonly signIn?: string;
                /** Default: the gateway's own page. */
                readonly signOut?: string;
              };
          /** What becomes of pods that nobody uses. */
          readonly idle?:
            | {
                readonly kind: "stop";
                /** A pod is stopped when its user did nothing through the gateway for this long, open tabs or not. @default 7200 */
                readonly afterSeconds?: number;
                /** How often the gateway looks. @default 60 */
                readonly everySeconds?: number;
              }
            | {
                /** Pods run until their users stop them. */
                readonly kind: "keep";
              };
          /** Whether the pod gets requests without /uid<UID>; false for programs that know their path. @default true */
          readonly stripPath?: boolean;
        }
      | {
          /** A port of ports.window for each user, without any sign-in. */
          readonly kind: "nodePort";
        }
      | {
          /** Opened by kubectl port-forward. */
          readonly kind: "none";
        };
  };
  readonly projects?: {
    /** Of the stacks that have paths. Default: projects.<domain>. */
    readonly host?: string;
    /** Who lets people in to stacks that are not public. */
    readonly auth: {
      /** Asked for each request: 200 lets it in. {project} is the project's key, {groups} are its groups with commas between. */
      readonly url: string;
      readonly signIn?: string;
    };
    /** By key: the namespaces <key> and <key>-compute. @default {} */
    readonly projects?: Readonly<
      Record<
        string,
        {
          /** Groups of the identity provider, with the role that their people have in both namespaces. @default {} */
          readonly groups?: Readonly<Record<string, "view" | "edit" | "admin">>;
          /** Whether pods of the project reach public addresses, such as those of package servers. @default true */
          readonly internet?: boolean;
          /** Claims of the project, by name; kept when they are removed here. @default {} */
          readonly storage?: Readonly<
            Record<
              string,
              {
                /** @default "10Gi" */
                readonly size?: Size;
                /** ReadWriteMany: many pods mount it at once; ReadWriteOnce: one pod. @default "ReadWriteMany" */
                readonly access?: "ReadWriteMany" | "ReadWriteOnce";
                /** Default: the shared class of the environment, or with ReadWriteOnce its block class. */
                readonly storageClass?: string;
              }
            >
          >;
          /** Data that all stacks can read, and none can change, at /assets/<name>. @default {} */
          readonly assets?: Readonly<
            Record<string, VolumeInput | UserPodsVolumeInput | AppsUserPodsVolumeInput>
          >;
          /** By name, which is a part of their addresses. @default {} */
          readonly stacks?: Readonly<
            Record<
              string,
              | {
                  /** Where people work; its files are in notebooks/<name> of the storage. */
                  readonly kind: "jupyter" | "jupyterlab" | "rstudio" | "vscode" | "zeppelin";
                  /** Storage of the project, by its name there, at /data. */
                  readonly storage: string;
                  /** Default: the image that was tested with the kind. Another one must have its user and program. */
                  readonly image?: ImageInput;
                  /** Default: that of the kind. */
                  readonly cpu?: StackCpuInput;
                  /** Default: that of the kind. */
                  readonly memory?: StackCpuInput;
                  /** Whether its programs may start pods in <project>-compute, by the project's service account. @default false */
                  readonly submitsPods?: boolean;
                }
              | {
                  /** A page that shows files of the storage, which it can only read. */
                  readonly kind: "rshiny" | "panel" | "streamlit" | "voila" | "nbviewer";
                  /** Storage of the project, by its name there, at /data. */
                  readonly storage: string;
                  /** Of the storage: what the page is made from. */
                  readonly folder: string;
                  /** The program in the folder. Default: that of the kind, such as app.py. */
                  readonly file?: string;
                  /** Default: the image that was tested with the kind. Another one must have its user and program. */
                  readonly image?: ImageInput;
                  /** Default: that of the kind. */
                  readonly cpu?: StackCpuInput;
                  /** Default: that of the kind. */
                  readonly memory?: StackCpuInput;
                  /** @default 1 */
                  readonly replicas?: number;
                  /** Everybody may open the page, without a sign-in. */
                  readonly public?: PublicInput;
                }
              | {
                  /** An object store, for programs of the project. */
                  readonly kind: "minio";
                  /** Storage of the project that no other stack uses. */
                  readonly storage: string;
                  /** Default: the image that was tested with the kind. Another one must have its user and program. */
                  readonly image?: ImageInput;
                  /** Default: that of the kind. */
                  readonly cpu?: StackCpuInput;
                  /** Default: that of the kind. */
                  readonly memory?: StackCpuInput;
                }
              | {
                  /** A scheduler with workers, whose number follows the load; pods of the project reach it. */
                  readonly kind: "dask" | "spark";
                  /** Storage of the project, at /data of each worker. Default: none. */
                  readonly storage?: string;
                  /** Default: the image that was tested with the kind. Another one must have its user and program. */
                  readonly image?: ImageInput;
                  readonly workers?: {
                    /** @default 1 */
                    readonly min?: number;
                    /** @default 8 */
                    readonly max?: number;
                    /** Use of the requested CPU, averaged over all workers, at which their number stays. @default 50 */
                    readonly cpuPercent?: number;
                    /** The same of memory; the one that needs more workers counts. @default 50 */
                    readonly memoryPercent?: number;
                    /** How long the load must be low before workers are removed. @default 300 */
                    readonly scaleDownSeconds?: number;
                    /** @default {"request":"500m","limit":"1"} */
                    readonly cpu?: StackCpuInput;
                    /** @default {"request":"1Gi","limit":"4Gi"} */
                    readonly memory?: StackCpuInput;
                  };
                }
            >
          >;
          /** Programs that people bring themselves, by name: pods of the namespace with the label app.kubernetes.io/name: service-<name> answer at <project>-<name>.<domain>, behind the sign-in of the stacks. @default {} */
          readonly services?: Readonly<
            Record<
              string,
              {
                /** At which the pods listen. */
                readonly port: number;
                /** Everybody may open the page, without a sign-in. */
                readonly public?: PublicInput;
              }
            >
          >;
        }
      >
    >;
  };
}

/** `changes` */
export interface ChangesInput {
  /** One for each change; copy it from the error, and remove it when the change is done. @default [] */
  readonly allow?: readonly {
    /** Key of the resource, such as server/workers.general/0; * matches any characters. */
    readonly resource: string;
    /** restart: in place, all at once. replace: recreated, without its content. interrupt: in place, with a break. later: only when it is rolled. release: Kubernetes in another order than release by release. */
    readonly change: "restart" | "replace" | "interrupt" | "later" | "release";
    /** The new value: another change needs another allowance. */
    readonly to: string | number;
  }[];
}

/** `acceptedFinding` */
export interface AcceptedFindingInput {
  /** The id of a warning or a note, which stands in brackets behind it; labstead check --explain lists them. */
  readonly finding:
    | "config.invalid"
    | "setting.inactive"
    | "application.projects"
    | "application.kubernetes"
    | "finding.accepted"
    | "stack.setting"
    | "deploy.part"
    | "deploy.many-objects"
    | "override.invalid"
    | "override.unmatched"
    | "network.too-small"
    | "network.overlap"
    | "network.gateway-outside"
    | "network.address"
    | "network.name-servers"
    | "network.pools"
    | "network.pools-unknown"
    | "network.mtu"
    | "network.services"
    | "network.shared"
    | "range.outside"
    | "range.overlap"
    | "range.exhausted"
    | "range.unaligned"
    | "range.missing"
    | "server.slot-unknown"
    | "server.slot-clash"
    | "server.name-clash"
    | "server.formerly-clash"
    | "server.max-below-min"
    | "server.name-long"
    | "server.mount-client"
    | "server.mount-clash"
    | "server.user-data"
    | "server.account"
    | "server.image"
    | "server.application"
    | "server.missing"
    | "server.single"
    | "server.one-zone"
    | "volume.zone"
    | "volume.name-clash"
    | "volume.swap"
    | "volume.mount-point"
    | "flavor.small"
    | "flavor.disk"
    | "control-plane.none"
    | "control-plane.even"
    | "control-plane.single"
    | "api.direct-many"
    | "workers.none"
    | "container.name-clash"
    | "cluster.version"
    | "cluster.nodes"
    | "cni.policy"
    | "cluster.existing"
    | "cluster.device"
    | "cluster.node-label"
    | "chart.invalid"
    | "software.containerd"
    | "software.containerd-old"
    | "rules.unenforced"
    | "rules.exception"
    | "lifecycle.ended"
    | "lifecycle.ending"
    | "storage.class"
    | "storage.alias"
    | "storage.default-class"
    | "storage.gluster"
    | "storage.gluster-spare"
    | "storage.heketi"
    | "storage.nfs"
    | "port.clash"
    | "port.unclaimed"
    | "port.reserved"
    | "port.external"
    | "port.world"
    | "port.inside"
    | "port.window"
    | "port.udp"
    | "port.edge"
    | "ingress.migration"
    | "ingress.certificate"
    | "ingress.exposure"
    | "ingress.release"
    | "port.proxy"
    | "access.peer"
    | "access.endpoint"
    | "access.operator"
    | "access.person"
    | "access.inside"
    | "access.world"
    | "access.bastion-address"
    | "access.api-address"
    | "access.first-push"
    | "tenant.unlisted"
    | "tenant.owner"
    | "tenant.mismatch"
    | "tenant.slot"
    | "namespace.reserved"
    | "namespace.unknown"
    | "namespace.clash"
    | "host.clash"
    | "across.host"
    | "across.address"
    | "across.network"
    | "across.file"
    | "hub.sign-in"
    | "hub.image"
    | "hub.existing-namespace"
    | "hub.homes"
    | "hub.quota"
    | "hub.drive"
    | "hub.shared-directory"
    | "hub.resources"
    | "hub.path"
    | "hub.scheduling"
    | "hub.traitlet"
    | "user-pods.id"
    | "user-pods.port"
    | "user-pods.volume"
    | "user-pods.resources"
    | "user-pods.node-port"
    | "user-pods.open"
    | "user-pods.sign-in"
    | "user-pods.enforced"
    | "projects.group"
    | "projects.sign-in"
    | "projects.everybody"
    | "projects.storage"
    | "projects.image"
    | "projects.resources"
    | "projects.workers"
    | "projects.quota"
    | "service.no-pods"
    | "service.port"
    | "workload.selector"
    | "workload.bare-pod"
    | "workload.too-large"
    | "workload.no-limits"
    | "workload.request"
    | "workload.liveness"
    | "namespace.quota"
    | "workload.anti-affinity"
    | "claim.class"
    | "claim.mode"
    | "claim.zone"
    | "claim.user-nodes"
    | "workload.image"
    | "object.secret"
    | "service.world"
    | "policy.metadata"
    | "route.certificate"
    | "budget.drain"
    | "credential.admin"
    | "credential.unrestricted"
    | "credential.expired"
    | "credential.expires"
    | "quota.exceeded"
    | "quota.group-members"
    | "quota.unknown-flavor"
    | "cloud.name"
    | "cloud.flavor-size"
    | "cloud.mtu"
    | "cloud.quota"
    | "cloud.unread";
  /** Where it is found: servers.gateway also means servers.gateway.min. Default: everywhere. */
  readonly path?: string;
  /** For the next reader of the file; reports repeat it. */
  readonly reason: string;
}

/** `edge` */
export interface EdgeInput {
  readonly kind: "haproxy";
  /** @default "loadBalancer" */
  readonly on?: "loadBalancer" | "gateway";
  /** @default true */
  readonly floatingIp?: boolean;
}

/** `edge` */
export interface OwnerEdgeInput {
  readonly kind: "octavia";
  /** @default true */
  readonly floatingIp?: boolean;
}

/** `ports` */
export interface PortsInput {
  /** @default {} */
  readonly published?: Readonly<
    Record<
      string,
      {
        /** What clients dial. */
        readonly external: number;
        /** NodePort of the Service that answers. */
        readonly nodePort: number;
        /** @default "tcp" */
        readonly protocol?: "tcp" | "udp";
        /** Networks that clients may connect from. */
        readonly from: readonly string[];
        /** Health check of the load balancer. @default {"kind":"tcp"} */
        readonly probe?:
          | {
              readonly kind: "tcp";
            }
          | {
              readonly kind: "http";
              readonly path: string;
              readonly port?: number;
            }
          | {
              readonly kind: "https";
              readonly path: string;
              readonly port?: number;
            };
        /** The ingress controller answers and forwards to this Service. Without it a Service of your own has the NodePort. */
        readonly service?: {
          readonly namespace: string;
          /** Of the Service; its NetworkPolicies have to admit the ingress controller. */
          readonly name: string;
          /** One of the Service's ports. */
          readonly port: number;
        };
      }
    >
  >;
  /** NodePorts for use inside the network only, such as a registry cache. @default {} */
  readonly internal?: Readonly<Record<string, number>>;
  /** Test window: NodePorts that are forwarded as they are (30048–30060 in all, divided among environments). */
  readonly window?: {
    readonly from: number;
    readonly to: number;
    /** @default ["0.0.0.0/0"] */
    readonly open?: readonly string[];
  };
}
