export const workloadMessages = `
Pod
1 metadata ObjectMeta | What every object has.
2 spec PodSpec | What the Pod shall run.
3 status PodStatus | What was found.

PodStatus open
1 phase string | Pending, Running, Succeeded, Failed or Unknown.
2 conditions []NodeCondition key=type
6 podIP string | Its address.
12 podIPs []PodIP key=ip

PodIP
1 ip string!

PodTemplateSpec
1 metadata ObjectMeta | What every Pod made from this gets.
2 spec PodSpec | What every Pod made from this runs.

PodSpec open
1 volumes []Volume key=name | What containers may mount.
20 initContainers []Container key=name | Containers that run before the others.
2 containers []Container! key=name | The containers.
3 restartPolicy string | Always, OnFailure or Never.
4 terminationGracePeriodSeconds int64? | How long its containers may take to end.
5 activeDeadlineSeconds int64?
6 dnsPolicy string
7 nodeSelector map string | The Pod runs on nodes that bear all of these labels.
8 serviceAccountName string
9 serviceAccount string
21 automountServiceAccountToken bool?
10 nodeName string | The node it runs on.
11 hostNetwork bool | Whether it has the node's network.
12 hostPID bool
13 hostIPC bool
15 imagePullSecrets []LocalObjectReference key=name
16 hostname string
17 subdomain string
19 schedulerName string
22 tolerations []Toleration
24 priorityClassName string
25 priority int32?

Toleration
1 key string
2 operator string
3 value string
4 effect string
5 tolerationSeconds int64?

Volume open
1 name string!

Container open
1 name string! | The name of the container.
2 image string | What it runs.
3 command []string | The program, instead of the image's.
4 args []string | Its arguments.
5 workingDir string
6 ports []ContainerPort key=containerPort keys=containerPort,protocol | The ports it listens on.
7 env []EnvVar key=name | Its environment.
8 resources ResourceRequirements | What it needs and may use.
9 volumeMounts []VolumeMount key=mountPath | Where volumes are mounted.
13 terminationMessagePath string
20 terminationMessagePolicy string
14 imagePullPolicy string
16 stdin bool
17 stdinOnce bool
18 tty bool

ContainerPort
1 name string
2 hostPort int32
3 containerPort int32!
4 protocol string default=TCP
5 hostIP string

EnvVar open
1 name string!
2 value string

VolumeMount open
1 name string!
2 readOnly bool
3 mountPath string!
4 subPath string

ResourceRequirements open
1 limits map quantity
2 requests map quantity

Deployment
1 metadata ObjectMeta | What every object has.
2 spec DeploymentSpec | What the Deployment shall be.
3 status WorkloadStatus | What was found.

DeploymentSpec
1 replicas int32? | How many Pods. 1 by default.
2 selector LabelSelector! | Which Pods are its own. It must match the labels of the template and cannot be changed.
3 template PodTemplateSpec! | What a Pod looks like.
4 strategy DeploymentStrategy retainKeys | How old Pods are replaced.
5 minReadySeconds int32 | How long a Pod must be ready to count as available.
6 revisionHistoryLimit int32? | How many old ReplicaSets are kept.
7 paused bool | Whether changes wait.
9 progressDeadlineSeconds int32?

DeploymentStrategy
1 type string | RollingUpdate or Recreate.
2 rollingUpdate RollingUpdate?

RollingUpdate
1 maxUnavailable intOrString? | How many Pods may be missing meanwhile.
2 maxSurge intOrString? | How many Pods there may be too many meanwhile.

WorkloadStatus open
1 observedGeneration int64
6 conditions []NodeCondition key=type

ReplicaSet
1 metadata ObjectMeta | What every object has.
2 spec ReplicaSetSpec | What the ReplicaSet shall be.
3 status WorkloadStatus | What was found.

ReplicaSetSpec
1 replicas int32? | How many Pods. 1 by default.
4 minReadySeconds int32
2 selector LabelSelector! | Which Pods are its own.
3 template PodTemplateSpec | What a Pod looks like.

DaemonSet
1 metadata ObjectMeta | What every object has.
2 spec DaemonSetSpec | What the DaemonSet shall be.
3 status WorkloadStatus | What was found.

DaemonSetSpec
1 selector LabelSelector! | Which Pods are its own.
2 template PodTemplateSpec! | What a Pod looks like.
3 updateStrategy DaemonSetUpdateStrategy
4 minReadySeconds int32
6 revisionHistoryLimit int32?

DaemonSetUpdateStrategy
1 type string | RollingUpdate or OnDelete.
2 rollingUpdate RollingUpdate?

Scale
1 metadata ObjectMeta
2 spec ScaleSpec

ScaleSpec
1 replicas int32?
`
