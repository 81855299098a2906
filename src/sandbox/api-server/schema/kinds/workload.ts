export const workloadMessages = `
Deployment
1 metadata ObjectMeta | What every object has.
2 spec DeploymentSpec | What the Deployment shall be.
3 status DeploymentStatus | What was found.

DeploymentSpec
1 replicas int32? | How many Pods. 1 by default.
2 selector LabelSelector? | Which Pods are its own. It must match the labels of the template and cannot be changed.
3 template PodTemplateSpec! | What a Pod looks like.
4 strategy DeploymentStrategy retainKeys | How old Pods are replaced.
5 minReadySeconds int32 | How long a Pod must be ready to count as available.
6 revisionHistoryLimit int32? | How many old ReplicaSets are kept.
7 paused bool | Whether changes wait.
9 progressDeadlineSeconds int32?

DeploymentStrategy
1 type string go=DeploymentStrategyType | RollingUpdate or Recreate.
2 rollingUpdate RollingUpdateDeployment?

RollingUpdateDeployment
1 maxUnavailable intOrString? | How many Pods may be missing meanwhile.
2 maxSurge intOrString? | How many Pods there may be too many meanwhile.

DeploymentStatus
1 observedGeneration int64
2 replicas int32
3 updatedReplicas int32
7 readyReplicas int32
4 availableReplicas int32
5 unavailableReplicas int32
9 terminatingReplicas int32?
6 conditions []DeploymentCondition key=type
8 collisionCount int32?

DeploymentCondition
1 type string! go=DeploymentConditionType
2 status string! go=ConditionStatus
6 lastUpdateTime time always
7 lastTransitionTime time always
4 reason string
5 message string

ReplicaSet
1 metadata ObjectMeta | What every object has.
2 spec ReplicaSetSpec | What the ReplicaSet shall be.
3 status ReplicaSetStatus | What was found.

ReplicaSetSpec
1 replicas int32? | How many Pods. 1 by default.
4 minReadySeconds int32
2 selector LabelSelector? | Which Pods are its own.
3 template PodTemplateSpec | What a Pod looks like.

ReplicaSetStatus
1 replicas int32!
2 fullyLabeledReplicas int32
4 readyReplicas int32
5 availableReplicas int32
7 terminatingReplicas int32?
3 observedGeneration int64
6 conditions []ReplicaSetCondition key=type

ReplicaSetCondition
1 type string! go=ReplicaSetConditionType
2 status string! go=ConditionStatus
3 lastTransitionTime time always
4 reason string
5 message string

DaemonSet
1 metadata ObjectMeta | What every object has.
2 spec DaemonSetSpec | What the DaemonSet shall be.
3 status DaemonSetStatus | What was found.

DaemonSetSpec
1 selector LabelSelector? | Which Pods are its own.
2 template PodTemplateSpec! | What a Pod looks like.
3 updateStrategy DaemonSetUpdateStrategy
4 minReadySeconds int32
6 revisionHistoryLimit int32?

DaemonSetUpdateStrategy
1 type string go=DaemonSetUpdateStrategyType | RollingUpdate or OnDelete.
2 rollingUpdate RollingUpdateDaemonSet?

RollingUpdateDaemonSet
1 maxUnavailable intOrString? | How many Pods may be missing meanwhile.
2 maxSurge intOrString? | How many Pods there may be too many meanwhile.

DaemonSetStatus
1 currentNumberScheduled int32!
2 numberMisscheduled int32!
3 desiredNumberScheduled int32!
4 numberReady int32!
5 observedGeneration int64
6 updatedNumberScheduled int32
7 numberAvailable int32
8 numberUnavailable int32
9 collisionCount int32?
10 conditions []DaemonSetCondition key=type

DaemonSetCondition
1 type string! go=DaemonSetConditionType
2 status string! go=ConditionStatus
3 lastTransitionTime time always
4 reason string
5 message string

Scale
1 metadata ObjectMeta
2 spec ScaleSpec
3 status Anything

ScaleSpec
1 replicas int32
`
