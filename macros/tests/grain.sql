{#
    Generic test: one row for each `key` (nulls count as equal), and no null in a column of `never_null`; one test for
    all of it, since each costs a run some time. Keys are texts, and grouping by a number that is made of them takes
    half as long: so the first pass finds the few rows that may repeat a key, and the second compares those.

    Example:
        data_tests:
          - grain:
              arguments: {key: [deal_key, lead_key], never_null: [deal_key, lead_key, association_source]}
#}
{% test grain(model, key, never_null=[]) %}

{%- set keys = key | join(', ') %}

with

repeated as (
    select {{ row_hash(key) }} as key_hash
    from {{ model }}
    group by {{ row_hash(key) }}
    having count(*) > 1
),

suspects as (
    select *
    from {{ model }}
    where
        {{ row_hash(key) }} in (select key_hash from repeated)
        {%- for column in never_null %}
        or {{ column }} is null
        {%- endfor %}
)

select
    {{ keys }},
    count(*) as row_count,
    {%- for column in never_null %}
    count(*) - count({{ column }}) as nulls_in_{{ column }}{{ ',' if not loop.last }}
    {%- else %}
    0 as nulls
    {%- endfor %}
from suspects
group by {{ keys }}
having
    count(*) > 1
    {%- for column in never_null %}
    or count(*) > count({{ column }})
    {%- endfor %}

{% endtest %}
