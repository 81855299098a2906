export const affinityMessages = `
Affinity
1 nodeAffinity NodeAffinity?
2 podAffinity PodAffinity?
3 podAntiAffinity PodAntiAffinity?

NodeAffinity
1 requiredDuringSchedulingIgnoredDuringExecution NodeSelector?
2 preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm

NodeSelector atomic
1 nodeSelectorTerms []NodeSelectorTerm!

NodeSelectorTerm atomic
1 matchExpressions []NodeSelectorRequirement
2 matchFields []NodeSelectorRequirement

NodeSelectorRequirement
1 key string!
2 operator string! go=NodeSelectorOperator
3 values []string

PreferredSchedulingTerm
1 weight int32!
2 preference NodeSelectorTerm!

PodAffinity
1 requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm
2 preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm

PodAntiAffinity
1 requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm
2 preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm

PodAffinityTerm
1 labelSelector LabelSelector?
2 namespaces []string
3 topologyKey string!
4 namespaceSelector LabelSelector?
5 matchLabelKeys []string
6 mismatchLabelKeys []string

WeightedPodAffinityTerm
1 weight int32!
2 podAffinityTerm PodAffinityTerm!
`
