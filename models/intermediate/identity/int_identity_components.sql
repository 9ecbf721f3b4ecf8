-- One row is a record, or what else carries identifiers, and the least key of its component: those that identifiers
-- join, directly or not. Identifiers that records share are the nodes, numbered, and a record that carries several
-- joins them. In each round a node takes the least label that it touches, and then that label's own: so the longest
-- chain that is joined doubles with each round, and `tests/data` proves that the rounds sufficed. What joins nothing
-- takes no part.
with

records as (
    select * from {{ ref('int_identity_records') }}
),

links as (
    select * from {{ ref('int_identity_links') }}
),

sides as (
    select 0 as side
    union all
    select 1 as side
),

nodes as (
    select
        identifier,
        row_number() over (order by identifier) as node
    from links
    group by identifier
    having count(*) > 1
),

carried as (
    select
        links.record_key,
        nodes.node
    from links
    inner join nodes
        on links.identifier = nodes.identifier
),

joints as (
    select
        record_key,
        row_number() over (order by record_key) as joint
    from carried
    group by record_key
    having count(*) > 1
),

round_0 as (
    select
        carried.node,
        joints.joint,
        carried.node as label
    from carried
    inner join joints
        on carried.record_key = joints.record_key
),

{% for round in range(1, var('identity_rounds') + 1) -%}
-- what each node's neighbours are labelled, taken over by all that carry the node's label
touched_{{ round }} as (
    select
        node,
        joint,
        label,
        min(label) over (partition by joint) as least_label
    from round_{{ round - 1 }}
),

taken_{{ round }} as (
    select
        node,
        joint,
        min(least_label) over (partition by label) as label
    from touched_{{ round }}
),

agreed_{{ round }} as (
    select
        node,
        joint,
        min(label) over (partition by node) as label
    from taken_{{ round }}
),

-- the label of the node that a label names: side 0 asks by its label, side 1 answers by its number
looked_up_{{ round }} as (
    select
        agreed_{{ round }}.node,
        agreed_{{ round }}.joint,
        agreed_{{ round }}.label,
        sides.side,
        min(case when sides.side = 1 then agreed_{{ round }}.label end) over (
            partition by case when sides.side = 0 then agreed_{{ round }}.label else agreed_{{ round }}.node end
        ) as label_of_label
    from agreed_{{ round }}
    cross join sides
),

round_{{ round }} as (
    select
        node,
        joint,
        least(label, coalesce(label_of_label, label)) as label
    from looked_up_{{ round }}
    where side = 0
),

{% endfor -%}
node_labels as (
    select
        node,
        min(label) as label
    from round_{{ var('identity_rounds') }}
    group by node
),

labelled as (
    select
        carried.record_key,
        min(coalesce(node_labels.label, carried.node)) as label
    from carried
    left join node_labels
        on carried.node = node_labels.node
    group by carried.record_key
),

joined as (
    select
        record_key,
        min(record_key) over (partition by label) as component
    from labelled
),

carriers as (
    select record_key from records
    union
    select record_key from links
),

components as (
    select
        carriers.record_key,
        coalesce(joined.component, carriers.record_key) as component
    from carriers
    left join joined
        on carriers.record_key = joined.record_key
)

select * from components
