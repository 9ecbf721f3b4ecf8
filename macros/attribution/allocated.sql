{#
    An amount's part from its hundredths: with the amount's sign, exact to the hundredth. A null amount stays null.

    Example: allocated('amount', 'units')
#}
{% macro allocated(amount, units) -%}
    cast(
        cast({{ units }} as decimal(19, 0)) * cast(case when {{ amount }} < 0 then -0.01 else 0.01 end as decimal(3, 2))
        as decimal(18, 2)
    )
{%- endmacro %}
