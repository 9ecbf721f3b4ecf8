-- One row is a record and the least record key of its component: the records that identifiers join, directly or not.
-- In each round a component takes the least label that it touches, and then that label's own: so the longest chain that
-- is joined doubles with each round, and `tests/data` proves that the rounds sufficed. Only identifiers that records
-- share take part.
with

links as (
    select * from {{ ref('int_identity_links') }}
),

sides as (
    select 0 as side
    union all
    select 1 as side
),

counted as (
    select
        record_key,
        identifier,
        count(*) over (partition by identifier) as record_count
    from links
),

round_0 as (
    select
        record_key,
        identifier,
        record_key as label
    from counted
    where record_count > 1
),

{% for round in range(1, var('identity_rounds') + 1) -%}
-- what each record's neighbours are labelled, taken over by all that carry the record's label
touched_{{ round }} as (
    select
        record_key,
        identifier,
        label,
        min(label) over (partition by identifier) as least_label
    from round_{{ round - 1 }}
),

taken_{{ round }} as (
    select
        record_key,
        identifier,
        min(least_label) over (partition by label) as label
    from touched_{{ round }}
),

agreed_{{ round }} as (
    select
        record_key,
        identifier,
        min(label) over (partition by record_key) as label
    from taken_{{ round }}
),

-- the label of the record that a label names: side 0 asks by its label, side 1 answers by its key
looked_up_{{ round }} as (
    select
        agreed_{{ round }}.record_key,
        agreed_{{ round }}.identifier,
        agreed_{{ round }}.label,
        sides.side,
        min(case when sides.side = 1 then agreed_{{ round }}.label end) over (
            partition by case when sides.side = 0 then agreed_{{ round }}.label else agreed_{{ round }}.record_key end
        ) as label_of_label
    from agreed_{{ round }}
    cross join sides
),

round_{{ round }} as (
    select
        record_key,
        identifier,
        least(label, coalesce(label_of_label, label)) as label
    from looked_up_{{ round }}
    where side = 0
),

{% endfor -%}
joined as (
    select
        record_key,
        min(label) as component
    from round_{{ var('identity_rounds') }}
    group by record_key
),

components as (
    select
        links.record_key,
        min(coalesce(joined.component, links.record_key)) as component
    from links
    left join joined
        on links.record_key = joined.record_key
    group by links.record_key
)

select * from components
