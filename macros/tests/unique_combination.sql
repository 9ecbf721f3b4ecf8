{#
    Generic test: no two rows share the values of `columns`; nulls count as equal.

    Example:
        data_tests:
          - unique_combination:
              arguments: {columns: [deal_key, lead_key]}
#}
{% test unique_combination(model, columns) %}

select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
