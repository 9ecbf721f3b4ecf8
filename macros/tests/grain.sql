{#
    Generic test: one row for each `key` (nulls count as equal), and no null in a column of `never_null`. One scan for
    all of it, since each test costs a run some time.

    Example:
        data_tests:
          - grain:
              arguments: {key: [deal_key, lead_key], never_null: [deal_key, lead_key, association_source]}
#}
{% test grain(model, key, never_null=[]) %}

select
    {{ key | join(', ') }},
    count(*) as row_count,
    {%- for column in never_null %}
    count(*) - count({{ column }}) as nulls_in_{{ column }}{{ ',' if not loop.last }}
    {%- else %}
    0 as nulls
    {%- endfor %}
from {{ model }}
group by {{ key | join(', ') }}
having
    count(*) > 1
    {%- for column in never_null %}
    or count(*) > count({{ column }})
    {%- endfor %}

{% endtest %}
